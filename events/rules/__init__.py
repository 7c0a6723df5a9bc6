"""The rules of 督办 work: pure functions of values, every parameter handed in."""
