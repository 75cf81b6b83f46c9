"""Tests that touch the window from outside its process, on a virtual screen."""
