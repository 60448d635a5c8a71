-- Views.

-- The id is a time-ordered integer made by the process, so that a replay of a
-- spooled batch changes nothing and keyset pages need no second column.
CREATE TABLE views (
	id BIGINT PRIMARY KEY,
	business_id TEXT NOT NULL,
	link_id TEXT NOT NULL, -- or the business for its payment page, the product for its page
	mode TEXT NOT NULL,
	at BIGINT NOT NULL,
	class TEXT NOT NULL, -- human, bot, preview
	reason TEXT NOT NULL, -- why it is not human
	ip TEXT NOT NULL, -- masked before it came here
	browser TEXT NOT NULL,
	os TEXT NOT NULL,
	language TEXT NOT NULL,
	referrer TEXT NOT NULL,
	channel TEXT NOT NULL,
	channel_detail TEXT NOT NULL,
	campaign TEXT NOT NULL,
	recipient_token TEXT NOT NULL,
	visit_id TEXT NOT NULL,
	-- Who it was, as far as that can be told without knowing anybody: the day's
	-- number and a hash with a salt that is thrown away. 0 for what is no person.
	visitor BIGINT NOT NULL DEFAULT 0,
	country TEXT NOT NULL DEFAULT '', -- ISO 3166-1, two letters
	device TEXT NOT NULL DEFAULT '' -- phone, tablet, desktop
);
CREATE INDEX views_link ON views (link_id, id);
-- What recipients did: few views and attempts carry a token.
CREATE INDEX views_recipient ON views (link_id, recipient_token) WHERE recipient_token <> '';
