"""What happened: the facts of 督办 work and the rules that admit them."""
