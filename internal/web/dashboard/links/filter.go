package links

import (
	"net/url"
	"strings"

	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
)

// linkFilter is what the list is narrowed to, as the address says it.
type linkFilter struct {
	Query    string
	Types    []string
	Statuses []string
	Tags     []string
	AllTags  bool
	Overdue  bool   // those alone that should have been paid by now
	Spelt    string // of the query: another letter than was typed, because that found nothing
	Sort     string // "" is the newest first; "-views" the most views first
}

func linkFilterFrom(q url.Values) linkFilter {
	return linkFilter{
		Query: strings.TrimSpace(q.Get("q")), Types: only(q["type"], "amount", "product"),
		Statuses: only(q["status"], "active", "inactive", "limit_reached"),
		Tags:     frame.Distinct(q["tag"]), AllTags: q.Get("tags") == "all", Overdue: q.Get("overdue") == "true", Sort: q.Get("sort"),
	}
}

// Any tells whether anything is left out of the list.
func (f linkFilter) Any() bool {
	return f.Query != "" || f.Overdue || len(f.Types)+len(f.Statuses)+len(f.Tags) > 0
}

// query is the address of this filter, without what is not set.
func (f linkFilter) query() url.Values {
	q := url.Values{}
	add := func(name string, values ...string) {
		for _, v := range values {
			if v != "" {
				q.Add(name, v)
			}
		}
	}
	add("q", f.Query)
	add("type", f.Types...)
	add("status", f.Statuses...)
	add("tag", f.Tags...)
	add("sort", f.Sort)
	if f.AllTags {
		add("tags", "all")
	}
	if f.Overdue {
		add("overdue", "true")
	}
	return q
}

// link is the filter as the links know it.
func (f linkFilter) link(cursor string) link.Filter {
	to := link.Filter{Query: f.Query, Tags: f.Tags, Overdue: f.Overdue, Sort: link.Sort(f.Sort), Cursor: cursor}
	for _, t := range f.Types {
		to.Types = append(to.Types, link.Type(t))
	}
	for _, s := range f.Statuses {
		to.Status = append(to.Status, link.Status(s))
	}
	if f.AllTags {
		to.TagMode = link.AllTags
	}
	return to
}

// only returns the values that are known, each once.
func only(values []string, known ...string) []string {
	var kept []string
	for _, k := range known {
		for _, v := range values {
			if v == k {
				kept = append(kept, v)
				break
			}
		}
	}
	return kept
}
