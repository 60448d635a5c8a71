package frame

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"smartlinks/internal/audit"
	"smartlinks/internal/i18n"
	"smartlinks/internal/tag"
)

// TagChoices are all tags of the kind, those in chosen ticked.
func (d *Dashboard) TagChoices(ctx context.Context, scope *Scope, kind tag.Kind, chosen []string) ([]Choice, error) {
	tags, err := d.TagsOf(ctx, scope, kind)
	if err != nil {
		return nil, err
	}
	var all []Choice
	for _, t := range tags {
		ticked := slices.ContainsFunc(chosen, func(name string) bool { return strings.EqualFold(name, t.Name) })
		all = append(all, Choice{Value: t.Name, Label: t.Name, Color: t.Color, Count: scope.Number(t.Count), Checked: ticked})
	}
	return all, nil
}

// rowTags is how many tags a row shows before it counts the others.
const rowTags = 2

// FirstTags are the first tags of many, and how many more there are, with their names.
func FirstTags(reader Reader, all []tag.Tag) (few []tag.Tag, more, names string) {
	if len(all) <= rowTags {
		return all, "", ""
	}
	var rest []string
	for _, t := range all[rowTags:] {
		rest = append(rest, t.Name)
	}
	return all[:rowTags], "+" + reader.Number(int64(len(rest))), strings.Join(rest, ", ")
}

// MakeTag makes a tag in the colour that the form names, unless there is one of
// the name; both ways its name comes back. That is no action of its own: the form is
// shown again, or saved with the tag.
func (d *Dashboard) MakeTag(r *http.Request, scope *Scope, kind tag.Kind, name string) (string, error) {
	t, err := d.Tags.Ensure(audit.Aside(r.Context()), scope.Business.ID, kind, tag.Fields{Name: name, Color: r.PostForm.Get("tag_color")})
	scope.asked.tags = nil
	return t.Name, err
}

// tooLong names the tag of several that can't be made, at {}.
var tooLong = i18n.Mark("“{}” is too long. Use at most {{.Most}} characters.")

// firstWords are enough of a name that is too long to know it by.
func firstWords(name string) string { return string([]rune(name)[:20]) + "…" }

// MakeTags makes the tags of these names, or tells what is wrong with them.
func (d *Dashboard) MakeTags(r *http.Request, scope *Scope, kind tag.Kind, names []string) (made []string, wrong Problems, err error) {
	for _, called := range names {
		name, err := d.MakeTag(r, scope, kind, called)
		if err != nil {
			p, ok := ProblemsOf(scope.Reader, err, map[string]string{"name": "tags", "color": "tags"})
			if !ok {
				return nil, Problems{}, err
			}
			if utf8.RuneCountInString(called) > tag.MaxName {
				p.Errors["tags"] = strings.Replace(scope.T(tooLong, "Most", strconv.Itoa(tag.MaxName)), "{}", firstWords(called), 1)
			}
			return nil, p, nil
		}
		made = append(made, name)
	}
	return made, Problems{}, nil
}

// AddsTag tells whether the form was sent to add a tag, not to be saved.
func AddsTag(r *http.Request) bool { return r.PostForm.Get("act") == "add-tag" }
