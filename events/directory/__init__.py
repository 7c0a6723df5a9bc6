"""单位、人员、职务、账号: who there is, under which name, in which post, from which day to which day."""
