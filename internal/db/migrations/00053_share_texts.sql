-- What a business says when it shares a link, one text for each language.

-- +goose Up
CREATE TABLE share_texts (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	link_id TEXT NOT NULL REFERENCES links (id),
	language TEXT NOT NULL, -- of the text: en, nl, de, fr, es or ar
	text TEXT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (link_id, language)
);

CREATE INDEX share_texts_business ON share_texts (business_id);

-- +goose Down
SELECT 1;
