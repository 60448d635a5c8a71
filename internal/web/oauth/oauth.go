// Package oauth is how programs get and keep the access that members allow them, by OAuth
// 2.1: what they read about this server, how they register, and how they exchange codes and
// tokens. Members are asked on a page of the dashboard.
package oauth

import (
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"github.com/rs/cors"

	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/grant"
	"smartlinks/internal/web/guard"
)

// The addresses of this package, and of the page on which members are asked.
const (
	AuthorizePath = "/oauth/authorize"
	tokenPath     = "/oauth/token"
	registerPath  = "/oauth/register"
	revokePath    = "/oauth/revoke"
	serverPath    = "/.well-known/oauth-authorization-server"
	resourcePath  = "/.well-known/oauth-protected-resource"
	mcpPath       = "/mcp"
)

// How much one network may ask of one process: so many requests at once, which come back
// at so many a second.
const (
	burst     = 60
	perSecond = 1
)

// maxRegistration bounds what a program says of itself, in bytes.
const maxRegistration = 16 << 10

// Resource is what access is for: the server for assistants alone (RFC 8707).
func Resource(a address.Book) string { return a.Origin() + mcpPath }

// ResourceMetadata is where programs read who gives access to it (RFC 9728).
func ResourceMetadata(a address.Book) string { return a.Origin() + resourcePath + mcpPath }

// Config is what the package is made of.
type Config struct {
	DB        *db.DB
	Grants    *grant.Grants
	Addresses address.Book
	// Limits says whether a network that asks too often is refused.
	Limits bool
	Log    *slog.Logger
}

type server struct {
	Config
	meter *guard.Meter[string]
}

// Routes are the addresses that the handler answers.
func Routes() []string {
	return []string{tokenPath, registerPath, revokePath, serverPath, resourcePath, resourcePath + mcpPath}
}

// New returns the handler of Routes. Programs in browsers may ask too: nothing here goes
// by cookies.
func New(c Config) http.Handler {
	s := &server{Config: c, meter: guard.NewMeter[string](burst, perSecond)}
	resource := auth.ProtectedResourceMetadataHandler(&oauthex.ProtectedResourceMetadata{
		Resource: Resource(c.Addresses), AuthorizationServers: []string{c.Addresses.Origin()}, ScopesSupported: scopes(),
		BearerMethodsSupported: []string{"header"}, ResourceName: "Smart Links", ResourceDocumentation: c.Addresses.Own(address.APIDocs()),
	})
	mux := http.NewServeMux()
	mux.Handle("GET "+resourcePath, resource)
	mux.Handle("GET "+resourcePath+mcpPath, resource)
	mux.HandleFunc("GET "+serverPath, s.metadata)
	mux.Handle("POST "+tokenPath, s.limited(s.token))
	mux.Handle("POST "+registerPath, s.limited(s.register))
	mux.Handle("POST "+revokePath, s.limited(s.revoke))
	return cors.New(cors.Options{
		AllowedOrigins: []string{"*"}, AllowedMethods: []string{http.MethodGet, http.MethodPost}, AllowedHeaders: []string{"*"}, MaxAge: 600,
	}).Handler(mux)
}

func scopes() (all []string) {
	for _, s := range grant.Scopes() {
		all = append(all, string(s))
	}
	return all
}

// metadata says where what is (RFC 8414), that answers bear our name (RFC 9207), and that
// programs may be described by a document.
func (s *server) metadata(w http.ResponseWriter, _ *http.Request) {
	origin, none := s.Addresses.Origin(), []string{"none"}
	w.Header().Set("Cache-Control", "max-age=300")
	answer(w, http.StatusOK, map[string]any{
		"issuer": origin, "authorization_endpoint": origin + AuthorizePath, "token_endpoint": origin + tokenPath,
		"registration_endpoint": origin + registerPath, "revocation_endpoint": origin + revokePath, "scopes_supported": scopes(),
		"response_types_supported": []string{"code"}, "response_modes_supported": []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"token_endpoint_auth_methods_supported": none, "revocation_endpoint_auth_methods_supported": none,
		"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true,
		"client_id_metadata_document_supported": true, "service_documentation": s.Addresses.Own(address.APIDocs()),
	})
}

// limited bounds how often a network asks, and lets nobody keep an answer.
func (s *server) limited(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if s.Limits {
			if _, wait, _ := s.meter.Spend(guard.Network(guard.ClientIP(r)).String(), s.DB.Clock().Wall()); wait > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
				refuse(w, http.StatusTooManyRequests, "temporarily_unavailable", "Too many requests. Wait as long as Retry-After says.")
				return
			}
		}
		next(w, r)
	})
}

// token exchanges a code, or a refresh token, for tokens (RFC 6749, 4.1.3 and 6).
func (s *server) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request", "Send a form.")
		return
	}
	f := r.PostForm
	if to := f["resource"]; len(to) > 1 || len(to) == 1 && !SameResource(to[0], s.Addresses) {
		refuse(w, http.StatusBadRequest, "invalid_target", "Tokens of this server are good for "+Resource(s.Addresses)+" alone.")
		return
	}
	var made grant.Tokens
	var err error
	switch f.Get("grant_type") {
	case "authorization_code":
		made, err = s.Grants.ExchangeCode(r.Context(), f.Get("code"), f.Get("client_id"), f.Get("redirect_uri"), f.Get("code_verifier"))
	case "refresh_token":
		made, err = s.Grants.Refresh(r.Context(), f.Get("refresh_token"), f.Get("client_id"))
	default:
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "Use authorization_code or refresh_token.")
		return
	}
	switch {
	case fault.Is(err, fault.Unauthenticated):
		refuse(w, http.StatusBadRequest, "invalid_grant", fault.Of(err).Message)
	case err != nil:
		s.fail(w, r, err)
	default:
		answer(w, http.StatusOK, map[string]any{
			"access_token": made.Access, "token_type": "Bearer", "expires_in": int(grant.AccessLife.Seconds()), "refresh_token": made.Refresh, "scope": made.Scopes.String(),
		})
	}
}

// SameResource reports whether a resource indicator means the server for assistants.
func SameResource(to string, a address.Book) bool { return to == Resource(a) || to == Resource(a)+"/" }

// register takes a program that registers itself (RFC 7591). All get the same terms: no
// secret, codes and refresh tokens.
func (s *server) register(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Name         string   `json:"client_name"`
		RedirectURIs []string `json:"redirect_uris"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRegistration)).Decode(&asked); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_client_metadata", "Send JSON of at most 16 KiB.")
		return
	}
	c, at, err := s.Grants.Register(r.Context(), grant.Client{Name: asked.Name, RedirectURIs: asked.RedirectURIs}, guard.Network(guard.ClientIP(r)).String())
	var f *fault.Error
	switch {
	case errors.As(err, &f) && f.Code == fault.Invalid:
		kind := "invalid_client_metadata"
		if fault.Fields(f.Fields).Has("redirect_uris") {
			kind = "invalid_redirect_uri"
		}
		refuse(w, http.StatusBadRequest, kind, f.Fields[0].Message)
	case fault.Is(err, fault.TooMany):
		w.Header().Set("Retry-After", "3600")
		refuse(w, http.StatusTooManyRequests, "temporarily_unavailable", fault.Of(err).Message)
	case err != nil:
		s.fail(w, r, err)
	default:
		answer(w, http.StatusCreated, map[string]any{
			"client_id": c.ID, "client_id_issued_at": at.Unix(), "client_name": c.Name, "redirect_uris": c.RedirectURIs,
			"grant_types": []string{"authorization_code", "refresh_token"}, "response_types": []string{"code"}, "token_endpoint_auth_method": "none",
		})
	}
}

// revoke takes a grant back, as its program asks for (RFC 7009). It never says whether
// there was one.
func (s *server) revoke(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.PostForm.Get("token") == "" {
		refuse(w, http.StatusBadRequest, "invalid_request", "Send the token.")
		return
	}
	if err := s.Grants.RevokeToken(r.Context(), r.PostForm.Get("token")); err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.ErrorContext(r.Context(), "oauth failed", "path", r.URL.Path, "error", err)
	refuse(w, http.StatusServiceUnavailable, "temporarily_unavailable", "Try again in a moment.")
}

// refuse answers with an error of OAuth (RFC 6749, 5.2).
func refuse(w http.ResponseWriter, status int, kind, text string) {
	answer(w, status, map[string]any{"error": kind, "error_description": text})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The program is gone when this fails, and nothing is left to do.
	_ = json.NewEncoder(w).Encode(body)
}
