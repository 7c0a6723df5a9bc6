"""文书 of a matter: 交办单, 催办单, 督查整改通知书, 销号审批表, 督办函, each from the matter as of a position."""
