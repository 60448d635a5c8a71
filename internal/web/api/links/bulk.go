package links

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/idempotency"
	"smartlinks/internal/link"
	"smartlinks/internal/web/api/frame"
)

// maxBulk bounds how many links one request makes.
const maxBulk = 1000

// rawLink is a link of many. It is read by itself, so that one that is wrong
// doesn't stop the others.
type rawLink struct{ json.RawMessage }

// Schema is that of a new link.
func (rawLink) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[NewLinkBody](), true, "")
}

type bulkBody struct {
	Links []rawLink `json:"links" minItems:"1" maxItems:"1000" doc:"Each as in POST /links."`
}

// bulkRow is what became of one link.
type bulkRow struct {
	Index   int            `json:"index" doc:"Of the link in the request, from 0."`
	Status  int            `json:"status" doc:"What POST /links would have answered: 201, 409 or 422." example:"201"`
	Link    *LinkView      `json:"link" doc:"null when it was not made."`
	Problem *frame.Problem `json:"problem" doc:"null when it was made."`

	made link.Link
}

type bulkResult struct {
	Created int       `json:"created"`
	Failed  int       `json:"failed"`
	Data    []bulkRow `json:"data" nullable:"false" doc:"One for each link, in their order."`
}

// createLinks makes each link in a transaction of its own. With an
// Idempotency-Key each is claimed in that transaction, so that a request that is
// repeated after a crash goes on where it was.
func (a Handlers) createLinks(ctx context.Context, b business.Business, in *struct{ Body bulkBody }) (*struct{ Body bulkResult }, error) {
	if n := len(in.Body.Links); n < 1 || n > maxBulk {
		var wrong fault.Fields
		wrong.Add("links", "", "Send 1 to 1000 links.")
		return nil, wrong.Err()
	}
	result := bulkResult{Data: make([]bulkRow, len(in.Body.Links))}
	for i, raw := range in.Body.Links {
		row := &result.Data[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		row.Index, row.Status = i, http.StatusCreated
		if a.createRow(ctx, b, raw, row); row.Problem != nil {
			row.Status = row.Problem.Status
			result.Failed++
			continue
		}
		result.Created++
	}
	return &struct{ Body bulkResult }{result}, a.showMade(ctx, b, result.Data)
}

// createRow makes one link, or says why not.
func (a Handlers) createRow(ctx context.Context, b business.Business, raw rawLink, row *bulkRow) {
	body, wrong := a.readLink(raw)
	if wrong != nil {
		row.Problem = wrong
		return
	}
	draft, err := body.draft(b)
	if err == nil {
		row.made, err = a.createClaimed(ctx, b, draft, body, rowKey(ctx, row.Index, raw))
	}
	if err != nil {
		row.Problem = a.Refused(ctx, err, "body")
	}
}

// readLink reads a link as POST /links does.
func (a Handlers) readLink(raw rawLink) (body NewLinkBody, wrong *frame.Problem) {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(raw.RawMessage))
	if err := decoder.Decode(&value); err != nil {
		return body, frame.NewProblem(fault.Malformed, "Send a link that is one JSON object.")
	}
	registry := a.Huma.OpenAPI().Components.Schemas
	path, found := huma.NewPathBuffer([]byte("body"), 4), huma.ValidateResult{}
	huma.Validate(registry, raw.Schema(registry), path, huma.ModeWriteToServer, value, &found)
	if err := json.Unmarshal(raw.RawMessage, &body); err != nil && len(found.Errors) == 0 {
		found.Errors = append(found.Errors, &huma.ErrorDetail{Location: "body", Message: err.Error()})
	}
	if len(found.Errors) == 0 {
		return body, nil
	}
	wrong = frame.NewProblem(fault.Invalid, "Some fields are wrong. Change them and send it again.")
	for _, err := range found.Errors {
		detail := new(huma.ErrorDetail)
		if !errors.As(err, &detail) {
			detail = &huma.ErrorDetail{Location: "body", Message: err.Error()}
		}
		wrong.Errors = append(wrong.Errors, frame.MistakeOf(detail))
	}
	return body, wrong
}

// showMade adds the links that were made to their rows.
func (a Handlers) showMade(ctx context.Context, b business.Business, rows []bulkRow) error {
	var made []link.Link
	var of []*bulkRow
	for i := range rows {
		if rows[i].Problem == nil {
			made, of = append(made, rows[i].made), append(of, &rows[i])
		}
	}
	if len(made) == 0 {
		return nil
	}
	views, err := a.ShowLinks(ctx, a.DB, b, made...)
	for i := range views {
		of[i].Link = &views[i]
	}
	return err
}

// rowKey names one link of a request that has an Idempotency-Key, "" without. No
// program can send such a key: it has a control character.
func rowKey(ctx context.Context, index int, raw rawLink) string {
	key := frame.IdempotencyKey(ctx)
	if key == "" {
		return ""
	}
	return fmt.Sprintf("%s\x1f%d\x1f%x", key, index, sha256.Sum256(frame.Canonical(raw.RawMessage)))
}

// createClaimed makes the link unless the request made it before it was
// interrupted.
func (a Handlers) createClaimed(ctx context.Context, b business.Business, draft link.Fields, in NewLinkBody, claim string) (l link.Link, err error) {
	if claim == "" {
		return a.create(ctx, b, draft, in)
	}
	err = a.DB.InTx(ctx, func(tx *db.Tx) error {
		before, err := idempotency.MadeTx(ctx, tx, b.ID, claim)
		if err != nil {
			return err
		}
		if before != "" {
			if l, err = a.Links.GetTx(ctx, tx, b, link.ID(before)); !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		if l, err = a.CreateTx(ctx, tx, b, draft, in); err != nil {
			return err
		}
		return idempotency.RememberTx(ctx, tx, b.ID, claim, string(l.ID), a.DB.Clock().Wall())
	})
	return l, err
}
