package frame

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/fault"
)

// File is the file of an input that needs one, and its name.
func (u Uploads) File(input string) (body []byte, name string, err error) {
	sent, found := u[input]
	if !found {
		var wrong fault.Fields
		wrong.Add(input, "", "Choose a file.")
		return nil, "", wrong.Err()
	}
	return sent.Body, sent.Name, nil
}

// MaxPicture is how many bytes of a picture are read: more than any may have.
const MaxPicture = 5 << 20

// maxUpload bounds a posted form with files. It is far above what any of them may
// weigh: a form whose file is too large is read to its end, so that it can be shown
// again with everything that was typed. What is too much is not kept.
const maxUpload = 64 << 20

// upload is a file of a form.
type upload struct {
	Name string
	Body []byte // at most one byte more than is allowed, which refuses it
}

// Uploads are the files of a form by their inputs.
type Uploads map[string]upload

// ReadUploads reads a posted form whose inputs for files have these names, and whose
// files may have so many bytes. Other files are read past, and of two with one name the
// first counts. The fields are in r.PostForm then.
func ReadUploads(w http.ResponseWriter, r *http.Request, largest int64, inputs ...string) (Uploads, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, ReadForm(w, r, MaxForm)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	files, fields := Uploads{}, url.Values{}
	for left := int64(MaxForm); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			r.PostForm, r.Form = fields, fields
			return files, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		name := part.FormName()
		if file := part.FileName(); file != "" {
			most := largest + 1
			if _, twice := files[name]; twice || !slices.Contains(inputs, name) {
				most = 0
			}
			body, err := beginningOf(part, most)
			if err != nil {
				return nil, unreadable(err)
			}
			if most > 0 {
				files[name] = upload{file, body}
			}
			continue
		}
		value, err := beginningOf(part, left+1)
		if err != nil {
			return nil, unreadable(err)
		}
		if left -= int64(len(name) + len(value)); left < 0 {
			return nil, fault.New(fault.TooLarge, "What was typed is too long. Shorten it and try again.")
		}
		fields.Add(name, string(value))
	}
}

// beginningOf reads a part to its end and keeps at most so many bytes.
func beginningOf(part *multipart.Part, most int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(part, most))
	if err == nil {
		_, err = io.Copy(io.Discard, part)
	}
	return body, err
}

// unreadable says why a posted form can't be read.
func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.Wrap(err, fault.TooLarge, "What was sent is too large. Go back, make it smaller and try again.")
	}
	return fault.Wrap(err, fault.Malformed, "The form arrived damaged. Go back and send it again.")
}

// Picture is the file of an input, nil without one.
func (u Uploads) Picture(input string) []byte { return u[input].Body }
