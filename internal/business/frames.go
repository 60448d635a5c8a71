package business

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"smartlinks/internal/fault"
)

// maxOrigins bounds the header that names them.
const maxOrigins = 10

// checkOrigins brings the sites that may frame pages into the form in which
// headers name them: https://example.com, without a path.
func checkOrigins(typed []string, fields *fault.Fields) []string {
	var origins []string
	for _, address := range typed {
		origin, ok := originOf(address)
		switch {
		case !ok:
			fields.Add("frame_origins", "origin.form", "“"+address+"” is no address of a site. Write it like https://www.example.com.")
			return typed
		case !slices.Contains(origins, origin):
			origins = append(origins, origin)
		}
	}
	if len(origins) > maxOrigins {
		fields.Add("frame_origins", "origin.many", "Name at most 10 sites.")
	}
	return origins
}

// originOf is the site of an address. Plain http is for trying out on one's own
// machine: elsewhere anybody on the way could dress the frame up.
func originOf(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" || u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return "", false
	}
	// What could end the directive or name all sites.
	if strings.ContainsAny(u.Host, ";,'\"*") || strings.ContainsFunc(u.Host, unicode.IsSpace) || !strings.Contains(u.Hostname(), ".") && u.Hostname() != "localhost" {
		return "", false
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1"
	if u.Scheme != "https" && !(u.Scheme == "http" && local) {
		return "", false
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), true
}
