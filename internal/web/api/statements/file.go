package statements

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/statement"
	"smartlinks/internal/statement/bankfile"
	"smartlinks/internal/web/api/frame"
)

// FormOfFile is the content type of forms that hold a file.
const FormOfFile = "multipart/form-data"

var typeOfColumns = reflect.TypeFor[frame.ColumnsView]()

// uploaded is a bank's file that was read, or why it can't be.
type uploaded struct {
	file statement.File
	name string
	err  error
}

type uploadedKey struct{}

func uploadOf(ctx context.Context) uploaded {
	u, _ := ctx.Value(uploadedKey{}).(uploaded)
	return u
}

// TakeFiles reads the bodies that are a bank's file, which may be larger than any other
// body, for whoever may send it. Other requests go on to others.
func TakeFiles(api *frame.API, next, others http.Handler) http.Handler {
	a := handlers{api}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == frame.Prefix+statementsPath && frame.CallerOf(r.Context()).Scopes.Allow(account.PaymentsWrite) {
			a.readFile(next, w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// readFile reads a bank's file as it comes, before anything is done: neither the file nor
// the body is kept. What stands for the body, where repetitions are told apart, is a hash.
func (a handlers) readFile(next http.Handler, w http.ResponseWriter, r *http.Request) {
	sum := sha256.New()
	u := a.fileOf(r, http.MaxBytesReader(w, r.Body, bankfile.MaxFile+frame.MaxBody), sum)
	ctx := context.WithValue(r.Context(), uploadedKey{}, u)
	ctx = frame.WithBody(ctx, []byte("file "+hex.EncodeToString(sum.Sum(nil))))
	r = r.WithContext(ctx)
	r.Body = http.NoBody
	next.ServeHTTP(w, r)
}

// fileOf reads the file of a request: the body, or a part of its form. All that counts of
// it is hashed; boundaries of forms differ from one repetition to the next.
func (a handlers) fileOf(r *http.Request, body io.Reader, sum hash.Hash) uploaded {
	kind, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != FormOfFile {
		return a.open(r.Context(), body, "", nil, sum)
	}
	var u uploaded
	var wrong fault.Fields
	var columns *bankfile.Columns
	parts, seen := multipart.NewReader(body, parameters["boundary"]), map[string]bool{}
	for len(seen) <= mostParts {
		part, err := parts.NextPart()
		if err == io.EOF { // one that is wrapped came too early
			break
		}
		if err != nil {
			return uploaded{err: endedEarly(err)}
		}
		switch name := part.FormName(); {
		case seen[name]:
			wrong.Add(name, "", "Send this once.")
		case name == "file":
			u = a.open(r.Context(), part, part.FileName(), columns, sum)
		case name == "columns" && seen["file"]:
			wrong.Add(name, "", "Send columns before file, which is read as it comes.")
		case name == "columns":
			columns = readColumns(io.TeeReader(part, sum), &wrong)
		default:
			wrong.Add(name, "", "There is no such field here. Leave it out.")
		}
		seen[part.FormName()] = true
	}
	if !seen["file"] {
		wrong.Add("file", "file.missing", "Send the bank’s file as file.")
	}
	if err := wrong.Err(); err != nil {
		u.err = err
	}
	return u
}

// open reads a file to its end, also behind what is wrong with it.
func (a handlers) open(ctx context.Context, from io.Reader, name string, columns *bankfile.Columns, sum hash.Hash) uploaded {
	noted := &failing{from: io.TeeReader(from, sum)}
	file, err := a.Statements.Open(ctx, frame.CallerOf(ctx).Business.ID, noted, columns)
	_, _ = io.Copy(io.Discard, io.LimitReader(noted, bankfile.MaxFile+frame.MaxBody)) // its error is noted
	_, _ = sum.Write([]byte("\x00" + name))                                           // never fails
	if noted.err != nil {
		err = endedEarly(noted.err)
	}
	return uploaded{file, name, err}
}

// endedEarly is what is wrong with a body of which there is more than could be read.
func endedEarly(err error) error {
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return fault.Wrap(err, fault.TooLarge, "Send a file of at most 50 MB.")
	}
	return fault.Wrap(err, fault.Malformed, "The body can’t be read to its end. Send it again.")
}

// What a form may hold beside its file.
const (
	mostParts   = 10
	mostColumns = 16 << 10 // bytes of what is said of columns
)

func readColumns(from io.Reader, wrong *fault.Fields) *bankfile.Columns {
	text, _ := io.ReadAll(io.LimitReader(from, mostColumns)) // the next part comes to the same error
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var c frame.ColumnsView
	if err := d.Decode(&c); err != nil || d.More() {
		wrong.Add("columns", "columns.malformed", "Send columns as one JSON object: {\"day\": …, \"amount\": …, \"text\": […], \"day_format\": …, \"decimal\": …}.")
		return nil
	}
	columns := bankfile.Columns(c)
	return &columns
}

// failing notes why a body ended too early.
type failing struct {
	from io.Reader
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
