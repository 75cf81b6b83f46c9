"""The engine, formats, store and services over a pretended network, clock and shop, all from one seed."""
