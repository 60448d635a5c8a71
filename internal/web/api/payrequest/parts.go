package payrequest

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"slices"

	"smartlinks/internal/fault"
)

// readParts reads a form in parts, as PHP's curl sends an array.
func readParts(body []byte, boundary string) (map[string]string, error) {
	parts, sent := multipart.NewReader(bytes.NewReader(body), boundary), map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return sent, nil
		}
		var value []byte
		if err == nil {
			value, err = io.ReadAll(part)
		}
		if err != nil {
			return nil, fault.New(fault.Malformed, "This form can't be read. Send the fields as a form, or as one JSON object.")
		}
		if slices.Contains(callFields, part.FormName()) {
			sent[part.FormName()] = string(value)
		}
	}
}
