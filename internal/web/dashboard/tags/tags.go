package tags

import (
	"context"
	"net/http"
	"net/url"

	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// tagsView is the page of the tags of one kind.
type tagsView struct {
	frame.Problems
	Base      string
	Kind      tag.Kind
	Tabs      []ui.Tab
	Rows      []tagRow
	Name      string // of the new tag, as typed
	Color     string
	MayDelete bool
}

// tagRow is a tag with what carries it.
type tagRow struct {
	ID, Name, Color string
	Used            string // "12 links"
	UsedHref        string // the list of what carries it
	Href            string // its page
}

// tagKind is the kind that the address speaks of.
func tagKind(q url.Values) tag.Kind {
	if q.Get("kind") == string(tag.OfCustomers) {
		return tag.OfCustomers
	}
	return tag.OfLinks
}

func (d pages) listTags(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showTags(w, r, scope, http.StatusOK, tagsView{Kind: tagKind(r.URL.Query())})
}

func (d pages) showTags(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v tagsView) error {
	v.Base, v.MayDelete = scope.Base, scope.MayManage()
	for _, kind := range []tag.Kind{tag.OfLinks, tag.OfCustomers} {
		list, err := d.Tags.List(r.Context(), scope.Business.ID, kind)
		if err != nil {
			return err
		}
		label := map[tag.Kind]string{tag.OfLinks: scope.T("Link tags"), tag.OfCustomers: scope.T("Customer tags")}[kind]
		v.Tabs = append(v.Tabs, ui.Tab{Label: label, Href: scope.Base + "/tags?kind=" + string(kind), Count: scope.Number(int64(len(list))), Current: kind == v.Kind})
		if kind == v.Kind {
			for _, t := range list {
				v.Rows = append(v.Rows, tagRowOf(scope, t))
			}
		}
	}
	return frame.Render(w, r, status, tagsPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Tags"), Section: frame.TagsSection}), v))
}

func tagRowOf(scope *frame.Scope, t tag.Usage) tagRow {
	row := tagRow{ID: string(t.ID), Name: t.Name, Color: t.Color, Href: scope.Base + "/tags/" + string(t.ID)}
	query := "?" + url.Values{"tag": {t.Name}}.Encode()
	if t.Kind == tag.OfCustomers {
		row.Used, row.UsedHref = scope.N(t.Count, "{{.Count}} customer", "{{.Count}} customers"), scope.Base+"/customers"+query
	} else {
		row.Used, row.UsedHref = scope.N(t.Count, "{{.Count}} link", "{{.Count}} links"), scope.Base+"/links"+query
	}
	return row
}

func (d pages) createTag(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := tagsView{Kind: tagKind(r.PostForm), Name: r.PostForm.Get("name"), Color: r.PostForm.Get("color")}
	t, err := d.Tags.Create(r.Context(), scope.Business.ID, v.Kind, tag.Fields{Name: v.Name, Color: v.Color})
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		v.Problems = p
		return d.showTags(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Tag created: {{.Name}}", "Name", t.Name)})
	return frame.Redirect(w, r, scope.Base+"/tags?kind="+string(t.Kind))
}

// tagView is the page of one tag: its name and colour, and its end.
type tagView struct {
	frame.Problems
	Base      string
	Tag       tagRow
	Kind      tag.Kind
	Unused    bool
	Name      string
	Color     string
	Others    []ui.Option
	MayDelete bool
}

func (d pages) tagView(ctx context.Context, scope *frame.Scope, id tag.ID) (tagView, error) {
	t, err := d.Tags.Usage(ctx, scope.Business.ID, id)
	if err != nil {
		return tagView{}, err
	}
	v := tagView{Base: scope.Base, Tag: tagRowOf(scope, t), Kind: t.Kind, Unused: t.Count == 0, Name: t.Name, Color: t.Color, MayDelete: scope.MayManage()}
	list, err := d.Tags.List(ctx, scope.Business.ID, t.Kind)
	v.Others = []ui.Option{{Value: "", Label: scope.T("Choose a tag")}}
	for _, other := range list {
		if other.ID != id {
			v.Others = append(v.Others, ui.Option{Value: string(other.ID), Label: other.Name})
		}
	}
	return v, err
}

func (d pages) showTag(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.tagView(r.Context(), scope, tag.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showTagPage(w, r, scope, http.StatusOK, v)
}

func (d pages) showTagPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v tagView) error {
	return frame.Render(w, r, status, tagPage(d.Frame(r, scope, frame.Heading{Title: v.Tag.Name, Section: frame.TagsSection}), v))
}

func (d pages) saveTag(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	id := tag.ID(r.PathValue("id"))
	v, err := d.tagView(r.Context(), scope, id)
	if err != nil {
		return err
	}
	v.Name, v.Color = r.PostForm.Get("name"), r.PostForm.Get("color")
	t, err := d.Tags.Edit(r.Context(), scope.Business.ID, id, 0, func(f *tag.Fields) { f.Name, f.Color = v.Name, v.Color })
	if err != nil {
		return d.tagAgain(w, r, scope, v, err)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Saved: {{.Name}}", "Name", t.Name)})
	return frame.Redirect(w, r, scope.Base+"/tags?kind="+string(t.Kind))
}

// tagAgain shows the tag's page with what is wrong at its fields.
func (d pages) tagAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v tagView, err error) error {
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if !ok {
		return err
	}
	v.Problems = p
	return d.showTagPage(w, r, scope, http.StatusUnprocessableEntity, v)
}

// mergeTag makes this tag part of another.
func (d pages) mergeTag(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	id, into := tag.ID(r.PathValue("id")), tag.ID(r.PostForm.Get("into"))
	v, err := d.tagView(r.Context(), scope, id)
	if err != nil {
		return err
	}
	if into == "" {
		var fields fault.Fields
		fields.Add("into", "", "Choose the tag that stays.")
		return d.tagAgain(w, r, scope, v, fields.Err())
	}
	kept, err := d.Tags.Merge(r.Context(), scope.Business.ID, into, id)
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Merged {{.Name}} into {{.Name2}}", "Name", v.Tag.Name, "Name2", kept.Name)})
	return frame.Redirect(w, r, scope.Base+"/tags?kind="+string(kept.Kind))
}

func (d pages) deleteTag(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := tag.ID(r.PathValue("id"))
	t, err := d.Tags.Get(r.Context(), scope.Business.ID, id)
	if err != nil {
		return err
	}
	if err := d.Tags.Delete(r.Context(), scope.Business.ID, id); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is deleted", "Name", t.Name)})
	return frame.Redirect(w, r, scope.Base+"/tags?kind="+string(t.Kind))
}
