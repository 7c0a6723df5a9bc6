"""案卷: everything about a matter in one package that anybody can check without this service."""
