-- Own domains and certificates.

-- +goose Up

-- Own domains of businesses: names that are claimed, proven by DNS, and lead to their pages.
CREATE TABLE domains (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	host TEXT NOT NULL, -- in lower case, as in DNS
	token TEXT NOT NULL, -- 32 hex digits, of the TXT record
	address_found BOOLEAN NOT NULL DEFAULT FALSE, -- at the last look
	txt_found BOOLEAN NOT NULL DEFAULT FALSE,
	problem TEXT NOT NULL DEFAULT '', -- a code, '' for none
	leads_to TEXT NOT NULL DEFAULT '', -- addresses that are not ours, with blanks between
	for_new BOOLEAN NOT NULL DEFAULT FALSE, -- where what chose no domain is
	checked_at BIGINT, -- by the wall
	due_at BIGINT, -- by the wall: the next look
	proven_at BIGINT, -- the name is the business's; NULL: a claim
	live_at BIGINT, -- it has a certificate, or needs none of ours
	broken_at BIGINT, -- since when it is proven no longer
	removed_at BIGINT, -- no other business may prove it for a while
	certificate_from BIGINT,
	certificate_until BIGINT,
	certificate_problem TEXT NOT NULL DEFAULT '',
	certificate_tries BIGINT NOT NULL DEFAULT 0, -- that failed in a row
	certificate_next BIGINT, -- by the wall: no authority is asked before
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX domains_claims ON domains (business_id, host);
CREATE UNIQUE INDEX domains_owner ON domains (host) WHERE proven_at IS NOT NULL AND removed_at IS NULL;
CREATE UNIQUE INDEX domains_for_new ON domains (business_id) WHERE for_new;
CREATE INDEX domains_hosts ON domains (host);
CREATE INDEX domains_due ON domains (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX domains_turns ON domains (business_id, due_at) WHERE due_at IS NOT NULL;

-- Certificates of own domains, with their keys, for all processes, and the locks by which
-- one of them gets each.
CREATE TABLE certificate_files (
	path TEXT PRIMARY KEY, -- as certmagic names it: certificates/…/pay.acme.example/….key
	sealed TEXT NOT NULL,
	size BIGINT NOT NULL, -- in bytes, before it was sealed
	modified_at BIGINT NOT NULL -- by the wall
);

CREATE TABLE certificate_locks (
	name TEXT PRIMARY KEY,
	holder TEXT NOT NULL, -- drawn by chance, for each taking
	expires_at BIGINT NOT NULL -- by the wall: whoever comes later may take it
);

-- +goose Down
SELECT 1;
