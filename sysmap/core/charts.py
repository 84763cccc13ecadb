"""Figure primitives; matplotlib is imported late."""
