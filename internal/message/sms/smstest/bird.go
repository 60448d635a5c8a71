package smstest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// The secrets of Bird's side: a key that is taken, one of another region, one that
// may only read, and the secret of its events.
const (
	BirdKey       = "bk_eu1_standin-1"
	BirdElsewhere = "bk_us1_standin-1"
	BirdReadOnly  = "bk_eu1_standin-2"
)

// BirdSecret signs what Bird tells.
var BirdSecret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("the secret of the stand-in"))

// birdFields are what a request to send may have. What is missing here is unknown,
// or a preview, and refused.
var (
	birdFields     = []string{"from", "to", "text", "category", "tags", "metadata"}
	birdCategories = []string{"transactional", "marketing", "authentication", "service"}
	birdNumber     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	birdFrom       = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|[A-Za-z0-9 ]{1,11})$`)
)

// The bounds of a text, 12 segments of 153 septets or 67 units, and of metadata.
const maxBirdSeptets, maxBirdUnits, maxBirdMetadata = 1836, 804, 2 << 10

// birdProblem answers with Bird's one shape of errors.
func birdProblem(w http.ResponseWriter, status int, kind, message string, details ...string) {
	problem := map[string]any{"type": kind, "message": message, "doc_url": "https://bird.com/docs/errors"}
	if len(details) == 2 {
		problem["details"] = []map[string]string{{"param": details[0], "message": details[1]}}
	}
	answer(w, status, problem)
}

func birdInvalid(w http.ResponseWriter, field, message string) {
	birdProblem(w, http.StatusUnprocessableEntity, "validation_error", message, field, message)
}

func (s *Server) birdAllowed(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch key := r.Header.Get("Authorization"); {
		case s.refused(w):
		case r.Header.Get("User-Agent") == "":
			birdProblem(w, http.StatusForbidden, "permission_error", "A User-Agent is required.")
		case key == "Bearer "+BirdElsewhere:
			birdProblem(w, http.StatusMisdirectedRequest, "misdirected_error", "This key belongs to another region.")
		case key == "Bearer "+BirdReadOnly && r.Method != http.MethodGet:
			birdProblem(w, http.StatusForbidden, "permission_error", "This key may not do that.")
		case key != "Bearer "+BirdKey && key != "Bearer "+BirdReadOnly:
			birdProblem(w, http.StatusUnauthorized, "auth_error", "The API key is unknown.")
		default:
			do(w, r)
		}
	}
}

func (s *Server) birdSend(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := r.Header.Get("Idempotency-Key")
	var fields map[string]json.RawMessage
	var in struct {
		From, To, Text, Category string
		Metadata                 json.RawMessage
	}
	if key == "" {
		birdProblem(w, http.StatusBadRequest, "bad_request_error", "An Idempotency-Key is required.")
		return
	}
	if json.Unmarshal(body, &fields) != nil || json.Unmarshal(body, &in) != nil || r.Header.Get("Content-Type") != "application/json" {
		birdProblem(w, http.StatusBadRequest, "bad_request_error", "The body is not JSON.")
		return
	}
	for name := range fields {
		if !slices.Contains(birdFields, name) {
			birdInvalid(w, name, "SMSUnsupportedFeature")
			return
		}
	}
	switch {
	case !birdNumber.MatchString(in.To):
		birdInvalid(w, "to", "Must be one number in E.164 format.")
	case in.From == "":
		birdInvalid(w, "from", "SMSNoEligibleSender")
	case !birdFrom.MatchString(in.From):
		birdInvalid(w, "from", "Must be a number, a short code or a sender ID.")
	case in.Text == "" || tooLong(in.Text):
		birdInvalid(w, "text", "Must have 1 character to 12 segments.")
	case !slices.Contains(birdCategories, in.Category):
		birdInvalid(w, "category", "Must be transactional, marketing, authentication or service.")
	case len(in.Metadata) > maxBirdMetadata:
		birdInvalid(w, "metadata", "Must be at most 2 KB.")
	default:
		s.birdTake(w, key, body, Taken{From: in.From, To: in.To, Text: in.Text, Key: key, Metadata: in.Metadata})
	}
}

// birdTake keeps a message, once for each idempotency key.
func (s *Server) birdTake(w http.ResponseWriter, key string, body []byte, t Taken) {
	s.mu.Lock()
	before, again := s.keys[key]
	s.keys[key] = string(body)
	s.mu.Unlock()
	switch {
	case again && before != string(body):
		birdProblem(w, http.StatusConflict, "conflict_error", "This Idempotency-Key came with another body.")
		return
	case again:
		for _, known := range s.Taken() {
			if known.Key == key {
				t = known
			}
		}
	default:
		t = s.keep(t)
	}
	answer(w, http.StatusAccepted, birdMessage(t))
}

// tooLong reports whether a text has more than 12 segments: of septets where all
// of it is plain, else of 16-bit units.
func tooLong(text string) bool {
	const plain, escaped = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà", "^{}\\[~]|€"
	septets := 0
	for _, c := range text {
		switch {
		case strings.ContainsRune(plain, c):
			septets++
		case strings.ContainsRune(escaped, c):
			septets += 2
		default:
			return len(utf16.Encode([]rune(text))) > maxBirdUnits
		}
	}
	return septets > maxBirdSeptets
}

func birdMessage(t Taken) map[string]any {
	metadata := t.Metadata
	if metadata == nil {
		metadata = json.RawMessage("null")
	}
	return map[string]any{
		"id": t.ID, "status": "accepted", "from": t.From, "to": t.To, "text": t.Text, "segments": map[string]any{"encoding": "GSM_7BIT", "count": 1},
		"cost": nil, "created_at": "2026-02-18T09:42:00Z", "sent_at": nil, "delivered_at": nil, "last_error": nil, "metadata": metadata,
	}
}

// birdList answers pages of one cursor, the newest first.
func (s *Server) birdList(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		birdInvalid(w, "limit", "Must be 1 to 100.")
		return
	}
	all := s.Taken()
	slices.Reverse(all)
	page, after, next := []map[string]any{}, q.Get("starting_after"), ""
	for _, t := range all {
		switch {
		case q.Get("to") != "" && t.To != q.Get("to"):
		case after != "":
			if t.ID == after {
				after = ""
			}
		case len(page) == limit:
			next = page[limit-1]["id"].(string)
		default:
			page = append(page, birdMessage(t))
		}
		if next != "" {
			break
		}
	}
	cursor := any(nil)
	if next != "" {
		cursor = next
	}
	answer(w, http.StatusOK, map[string]any{"data": page, "next_cursor": cursor})
}

func (s *Server) birdRead(w http.ResponseWriter, r *http.Request) {
	for _, t := range s.Taken() {
		if t.ID == r.PathValue("id") {
			answer(w, http.StatusOK, birdMessage(t))
			return
		}
	}
	birdProblem(w, http.StatusNotFound, "not_found_error", "There is no such message.")
}

// BirdEvent is an event of Bird's about a message that it has taken, with its
// headers: kind is like "sms.delivered", failure the code of an error or "".
func BirdEvent(tb testing.TB, secret string, at time.Time, t Taken, kind, failure string) (http.Header, []byte) {
	tb.Helper()
	data := map[string]any{"sms_id": t.ID, "workspace_id": "ws_1", "from": t.From, "to": t.To, "tags": nil, "metadata": t.Metadata}
	if failure != "" {
		data["error"] = map[string]any{"code": failure, "description": "It failed.", "occurred_at": at}
	}
	body, err := json.Marshal(map[string]any{"type": kind, "timestamp": at.UTC(), "data": data})
	if err != nil {
		tb.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		tb.Fatal(err)
	}
	id, stamp := fmt.Sprintf("msg_%s_%s", t.ID, kind), strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "." + string(body)))
	return http.Header{
		"Content-Type": {"application/json"}, "Webhook-Id": {id}, "Webhook-Timestamp": {stamp},
		"Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}, body
}

// TellBird posts an event to an address, as Bird does, and returns the status.
func TellBird(tb testing.TB, url string, header http.Header, body []byte) int {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header = header
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	_ = got.Body.Close()
	return got.StatusCode
}
