CREATE INDEX ix_access_log_at ON access_log (at);
CREATE INDEX ix_access_log_target ON access_log (target, number);
CREATE INDEX ix_access_log_user_name ON access_log (user_name, number);
CREATE INDEX ix_commands_kept_from ON commands (kept_from);
CREATE INDEX ix_letters_matter ON letters (matter);
CREATE INDEX ix_letters_next_try_at ON letters (next_try_at) WHERE state = 'waiting';
CREATE INDEX ix_letters_position ON letters (position);
CREATE INDEX ix_letters_post ON letters (post, position);
CREATE INDEX ix_letters_unread ON letters (post) WHERE channel = 'inbox' AND state = 'sent';
CREATE INDEX ix_letters_waiting ON letters (post) WHERE state = 'waiting';
CREATE INDEX ix_sessions_user_name ON sessions (user_name);
CREATE INDEX ix_tokens_user_name ON tokens (user_name);
CREATE UNIQUE INDEX uq_events_stream_version ON events (stream, version);
CREATE TABLE access_head (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	hash BLOB NOT NULL, 
	pruned INTEGER NOT NULL, 
	pruned_hash BLOB NOT NULL, 
	CONSTRAINT pk_access_head PRIMARY KEY (id)
);
CREATE TABLE access_log (
	number INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	user_name TEXT NOT NULL, 
	person TEXT, 
	unit TEXT, 
	kind TEXT NOT NULL, 
	target TEXT, 
	address TEXT NOT NULL, 
	as_of TEXT, 
	moment INTEGER, 
	refused TEXT, 
	hash BLOB NOT NULL, 
	CONSTRAINT pk_access_log PRIMARY KEY (number)
);
CREATE TABLE accounts (
	user_name TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	must_change INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	locked_until INTEGER, 
	changed_at INTEGER NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (user_name)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE claims (
	scope TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_claims PRIMARY KEY (scope, "key")
)
 WITHOUT ROWID

;
CREATE TABLE commands (
	command_id TEXT NOT NULL, 
	fingerprint BLOB NOT NULL, 
	result BLOB NOT NULL, 
	position INTEGER NOT NULL, 
	kept_from INTEGER NOT NULL, 
	CONSTRAINT pk_commands PRIMARY KEY (command_id)
)
 WITHOUT ROWID

;
CREATE TABLE events (
	position INTEGER NOT NULL, 
	stream TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	type TEXT NOT NULL, 
	schema SMALLINT NOT NULL, 
	actor TEXT NOT NULL, 
	unit TEXT, 
	role TEXT, 
	on_behalf_of TEXT, 
	basis TEXT, 
	occurred_at INTEGER NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	command_id TEXT NOT NULL, 
	correlation_id TEXT NOT NULL, 
	causation_id TEXT, 
	body_digest BLOB NOT NULL, 
	hash BLOB NOT NULL, 
	body BLOB, 
	CONSTRAINT pk_events PRIMARY KEY (position)
);
CREATE TABLE leases (
	name TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	until INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, taken_at INTEGER, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
CREATE TABLE letters (
	id TEXT NOT NULL, 
	matter TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	slot TEXT NOT NULL, 
	post TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	copy SMALLINT NOT NULL, 
	position INTEGER NOT NULL, 
	made_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	next_try_at INTEGER, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	epoch INTEGER DEFAULT '0' NOT NULL, 
	claim_until INTEGER, 
	parcel TEXT, 
	handed_at INTEGER, 
	holder TEXT, 
	address TEXT, 
	message_id TEXT, 
	last_error TEXT, 
	read_at INTEGER, 
	read_by TEXT, 
	version INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_letters PRIMARY KEY (id)
);
CREATE TABLE log_head (
	id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	hash BLOB NOT NULL, 
	frontier BLOB NOT NULL, 
	epoch INTEGER NOT NULL, 
	moment INTEGER, 
	algorithm TEXT NOT NULL, 
	CONSTRAINT pk_log_head PRIMARY KEY (id)
);
CREATE TABLE number_series (
	series TEXT NOT NULL, 
	next INTEGER NOT NULL, 
	CONSTRAINT pk_number_series PRIMARY KEY (series)
);
CREATE TABLE sessions (
	token_hash BLOB NOT NULL, 
	user_name TEXT NOT NULL, 
	csrf TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	seen_at INTEGER NOT NULL, 
	moment INTEGER, 
	large_type INTEGER NOT NULL, 
	high_contrast INTEGER NOT NULL, as_of TEXT, 
	CONSTRAINT pk_sessions PRIMARY KEY (token_hash)
);
CREATE TABLE streams (
	stream TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	last_position INTEGER NOT NULL, 
	CONSTRAINT pk_streams PRIMARY KEY (stream)
)
 WITHOUT ROWID

;
CREATE TABLE tokens (
	token_hash BLOB NOT NULL, 
	user_name TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT pk_tokens PRIMARY KEY (token_hash)
);
