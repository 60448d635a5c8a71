package report

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strings"
)

// parts are those of a message that say something.
type parts struct {
	status   []byte  // message/delivery-status (RFC 3464)
	feedback []byte  // message/feedback-report (RFC 5965)
	copies   []group // heads of the reported mail
	text     []byte  // for people
	seen     int
}

// read takes a part of a message, and the parts within it.
func (p *parts) read(contentType, encoding string, body io.Reader, depth int) {
	if p.seen++; p.seen > maxParts || depth > maxDepth {
		return
	}
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		p.readAll(multipart.NewReader(body, parameters["boundary"]), depth)
		return
	}
	content, _ := io.ReadAll(io.LimitReader(decoded(encoding, body), MaxSize)) // what is cut off still says something
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		p.status = append(append(p.status, '\n', '\n'), content...)
	case "message/feedback-report":
		p.feedback = content
	case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
		if head := groups(content); len(head) > 0 {
			p.copies = append(p.copies, head[0])
		}
	case "text/plain":
		p.text = append(append(p.text, content...), '\n')
	}
}

func (p *parts) readAll(from *multipart.Reader, depth int) {
	for range maxParts {
		part, err := from.NextRawPart()
		if err != nil {
			return
		}
		p.read(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, depth+1)
	}
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}

// group are fields that stand together, by their names in lower case. Of a field that
// comes twice the first counts.
type group map[string]string

func (g group) get(name string) string { return g[name] }

// groups reads fields, parted by empty lines. Lines that are no fields are left out.
func groups(text []byte) (all []group) {
	current, last := group{}, ""
	flush := func() {
		if len(current) > 0 && len(all) < maxReports {
			all = append(all, current)
		}
		current, last = group{}, ""
	}
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\r\n", "\n")) {
		line = strings.TrimRight(line, "\n")
		if strings.TrimSpace(line) == "" {
			flush()
			continue
		}
		if line[0] == ' ' || line[0] == '\t' {
			if last != "" && len(current[last]) < 4*maxReason {
				current[last] += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, found := strings.Cut(line, ":")
		last = strings.ToLower(strings.TrimSpace(name))
		if _, twice := current[last]; !found || twice || strings.ContainsAny(name, " \t") {
			last = ""
			continue
		}
		current[last] = strings.TrimSpace(value)
	}
	flush()
	return all
}
