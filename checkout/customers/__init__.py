"""What a shopper with an account has here: orders, addresses."""
