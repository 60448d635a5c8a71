package grant

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/outbound"
)

// The bounds of a client's document.
const (
	documentTime  = 5 * time.Second
	documentBytes = 32 << 10
	maxDocumentID = 500
	// documentsOfMember is how many a member may have us fetch in an hour.
	documentsOfMember = 60
)

// fetcher gets documents of strangers, from public addresses alone unless allowed.
func fetcher(private bool) *http.Client {
	return outbound.Client{Timeout: documentTime, Header: documentBytes, Private: private}.New()
}

// document reads what a client says of itself at the address that is its id (Client ID
// Metadata Documents, draft-ietf-oauth-client-id-metadata-document).
func (g *Grants) document(ctx context.Context, id, member string) (Client, error) {
	if why := g.checkDocumentID(id); why != "" {
		return Client{}, fault.New(fault.Invalid, why)
	}
	if err := g.allow(ctx, "document "+member, documentsOfMember); err != nil {
		return Client{}, err
	}
	text, err := g.get(ctx, id)
	if err != nil {
		return Client{}, fault.New(fault.Invalid, "The document that describes this program can't be read at "+id+". Ask its maker, or try again later.")
	}
	var d struct {
		ID           string   `json:"client_id"`
		Name         string   `json:"client_name"`
		RedirectURIs []string `json:"redirect_uris"`
		Secret       string   `json:"client_secret"`
		Method       string   `json:"token_endpoint_auth_method"`
	}
	switch err := json.Unmarshal(text, &d); {
	case err != nil || d.ID != id:
		return Client{}, fault.New(fault.Invalid, "The document at "+id+" describes another program.")
	case d.Secret != "" || d.Method != "" && d.Method != "none":
		return Client{}, fault.New(fault.Invalid, "This program wants to prove itself by a secret or a key, which is not offered here: only programs without one can connect.")
	}
	return Client{ID: id, Name: d.Name, RedirectURIs: d.RedirectURIs}.checked()
}

// checkDocumentID says why an id is no address of a document, "" where it is one.
func (g *Grants) checkDocumentID(id string) string {
	u, err := url.Parse(id)
	if err != nil || len(id) > maxDocumentID || u.Hostname() == "" || u.User != nil || strings.Contains(id, "#") || u.Path == "" || u.Path == "/" ||
		u.Scheme != "https" && !(g.private && u.Scheme == "http") || u.String() != id || strings.Contains(u.Path, "/.") {
		return "The id of a program is an https address with a path."
	}
	return ""
}

func (g *Grants) get(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "SmartLinks")
	answer, err := g.fetch.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, documentBytes+1))
	if err == nil && (answer.StatusCode != http.StatusOK || len(text) > documentBytes) {
		err = errors.New("grant: no such document")
	}
	return text, err
}
