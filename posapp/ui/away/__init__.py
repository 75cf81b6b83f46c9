"""What the window says and does while the database server is away."""
