package delivery

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/message"
)

// MethodsQuery is what the test of its plan explains.
const MethodsQuery = methods

// KeyPrefix begins the keys of deliveries' messages.
const KeyPrefix = keyPrefix

// OnMessage is what deliveries make of news of their messages.
func (s *Deliveries) OnMessage(ctx context.Context, tx *db.Tx, c message.Change) error {
	return s.onChange(ctx, tx, c)
}
