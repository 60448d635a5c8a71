package frame

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
)

// maxPayload bounds what of a webhook's body is shown.
const maxPayload = 64 << 10

// withheld stands where a secret was.
const withheld = "(not shown)"

// notInForms are letters that a form never has as they are. A page that says what went
// wrong has them, and an equals sign too.
const notInForms = " \t\r\n<>\"{}"

// PayloadText is a webhook's body for people to read: JSON with one field a
// line, a form with one field a line, else as it came. What is called a secret
// is not shown: some providers send client secrets along.
func PayloadText(body []byte) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // amounts and ids as they came
	text := string(body)
	if err := decoder.Decode(&value); err == nil && !decoder.More() {
		var shown strings.Builder
		encoder := json.NewEncoder(&shown)
		encoder.SetEscapeHTML(false) // the page escapes
		encoder.SetIndent("", "  ")
		if encoder.Encode(withoutSecrets(value)) == nil {
			text = shown.String()
		}
	} else if form, err := url.ParseQuery(text); err == nil && strings.Contains(text, "=") && !strings.ContainsAny(text, notInForms) {
		text = formText(form)
	}
	if len(text) > maxPayload {
		text = text[:maxPayload] + "\n… and more"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(strings.TrimSpace(text), "\uFFFD"), "\x00", "\uFFFD")
}

func formText(form url.Values) string {
	for name := range form {
		if isSecret(name) {
			form.Set(name, withheld)
		}
	}
	shown, err := url.QueryUnescape(strings.ReplaceAll(form.Encode(), "&", "\n"))
	if err != nil {
		return ""
	}
	return shown
}

func withoutSecrets(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if isSecret(name) && inner != nil {
				v[name] = withheld
				continue
			}
			v[name] = withoutSecrets(inner)
		}
	case []any:
		for i := range v {
			v[i] = withoutSecrets(v[i])
		}
	}
	return value
}

// isSecret goes by a field's name.
func isSecret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"secret", "token", "password", "authorization", "api_key", "apikey", "signature"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
