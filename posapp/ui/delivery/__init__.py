"""The parts of the Delivery screen: tiles, couriers, their dialogs, and what people do with them."""
