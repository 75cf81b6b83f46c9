"""The rules of the trade: statuses, money, fields and times, without any I/O or clock."""
