package history

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/payment/attempt"
)

// InboxState says what became of a webhook.
type InboxState string

// The states of webhooks.
const (
	HookWaiting InboxState = "waiting" // stored, and tried again
	HookDone    InboxState = "done"
	HookGivenUp InboxState = "given_up" // about nothing of ours, or tried too often
)

// Hook is a provider's report that was stored. Forged ones never are.
type Hook struct {
	ID          string
	Provider    string
	Event       string // the provider's id of the report; ours when it gives none
	Object      string // the provider's id of what it is about
	ReceivedAt  db.Time
	ProcessedAt db.Time // zero while it waits
	Outcome     string  // how the attempt stood afterwards, or why it was given up
	Tries       int64   // in vain
	DueAt       db.Time // when it is tried again, zero when it is not
}

// State is what became of it.
func (h Hook) State() InboxState {
	switch {
	case h.ProcessedAt.IsZero():
		return HookWaiting
	case h.Outcome == GivenUp || h.Outcome == UnknownObject:
		return HookGivenUp
	}
	return HookDone
}

// The outcomes of webhooks that are given up.
const (
	GivenUp       = "given up"       // it was tried too often
	UnknownObject = "unknown object" // it is about nothing of ours
)

// InboxFilter says which webhooks to list. Empty parts don't narrow.
type InboxFilter struct {
	State  InboxState
	Cursor string
}

// inboxPage is how many webhooks a page holds.
const inboxPage = 25

const inboxColumns = `id, provider, event, object, received_at, processed_at, outcome, tries, due_at`

// where narrows to the state; partial indexes hold the first two.
func (s InboxState) where() string {
	switch s {
	case HookWaiting:
		return ` AND processed_at IS NULL`
	case HookGivenUp:
		return ` AND outcome IN ('given up', 'unknown object')`
	case HookDone:
		return ` AND processed_at IS NOT NULL AND outcome NOT IN ('given up', 'unknown object')`
	}
	return ""
}

// Inbox returns what providers reported to the business, the newest first, and
// the cursor of the next page, empty at the end.
func (r *Reader) Inbox(ctx context.Context, businessID business.ID, f InboxFilter) (hooks []Hook, next string, err error) {
	where, arguments := f.State.where(), []any{businessID, inboxPage + 1}
	if f.Cursor != "" {
		if !id.Valid("inb", f.Cursor) {
			var wrong fault.Fields
			wrong.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
			return nil, "", wrong.Err()
		}
		where += ` AND id < $3`
		arguments = append(arguments, f.Cursor)
	}
	err = r.db.Select(ctx, &hooks, `SELECT `+inboxColumns+` FROM webhook_inbox WHERE business_id = $1`+where+` ORDER BY id DESC LIMIT $2`, arguments...)
	if err != nil {
		return nil, "", fmt.Errorf("list webhooks: %w", err)
	}
	if len(hooks) > inboxPage {
		hooks = hooks[:inboxPage]
		next = hooks[inboxPage-1].ID
	}
	return hooks, next, nil
}

// InboxHook returns a webhook of the business with its body as it came, or a
// NotFound fault. About is the attempt that it is about, "" for none of ours.
func (r *Reader) InboxHook(ctx context.Context, businessID business.ID, hookID string) (h Hook, body []byte, about attempt.ID, err error) {
	var found struct {
		Hook
		Body []byte
	}
	err = r.db.Get(ctx, &found, `SELECT `+inboxColumns+`, body FROM webhook_inbox WHERE business_id = $1 AND id = $2`, businessID, hookID)
	if errors.Is(err, db.ErrNoRows) {
		return h, nil, "", fault.New(fault.NotFound, "There is no such webhook.")
	}
	if err != nil {
		return h, nil, "", err
	}
	a, err := attempt.FindByRef(ctx, r.db, businessID, found.Provider, found.Object)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return h, nil, "", err
	}
	return found.Hook, found.Body, a.ID, nil
}
