"""What touches the world, each module named after what it touches."""
