package dashboard

import (
	"context"
	"net/http"
	"net/url"

	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/ui"
)

// tagsView is the page of the tags of one kind.
type tagsView struct {
	problems
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

func (d *Dashboard) listTags(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.showTags(w, r, at, http.StatusOK, tagsView{Kind: tagKind(r.URL.Query())})
}

func (d *Dashboard) showTags(w http.ResponseWriter, r *http.Request, at *room, status int, v tagsView) error {
	v.Base, v.MayDelete = at.Base, at.mayManage()
	for _, kind := range []tag.Kind{tag.OfLinks, tag.OfCustomers} {
		list, err := d.Tags.List(r.Context(), at.Business.ID, kind)
		if err != nil {
			return err
		}
		label := map[tag.Kind]string{tag.OfLinks: "Link tags", tag.OfCustomers: "Customer tags"}[kind]
		v.Tabs = append(v.Tabs, ui.Tab{Label: label, Href: at.Base + "/tags?kind=" + string(kind), Count: count(int64(len(list))), Current: kind == v.Kind})
		if kind == v.Kind {
			for _, t := range list {
				v.Rows = append(v.Rows, tagRowOf(at, t))
			}
		}
	}
	return render(w, r, status, tagsPage(d.frame(r, at, place{"Tags", tagsRoom}), v))
}

func tagRowOf(at *room, t tag.Usage) tagRow {
	row := tagRow{ID: string(t.ID), Name: t.Name, Color: t.Color, Href: at.Base + "/tags/" + string(t.ID)}
	query := "?" + url.Values{"tag": {t.Name}}.Encode()
	if t.Kind == tag.OfCustomers {
		row.Used, row.UsedHref = counted(t.Count, "customer", "customers"), at.Base+"/customers"+query
	} else {
		row.Used, row.UsedHref = counted(t.Count, "link", "links"), at.Base+"/links"+query
	}
	return row
}

func (d *Dashboard) createTag(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := tagsView{Kind: tagKind(r.PostForm), Name: r.PostForm.Get("name"), Color: r.PostForm.Get("color")}
	t, err := d.Tags.Create(r.Context(), at.Business.ID, v.Kind, v.Name, v.Color)
	if err != nil {
		p, ok := problemsOf(err, nil)
		if !ok {
			return err
		}
		v.problems = p
		return d.showTags(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: t.Name + " is made"})
	return redirect(w, r, at.Base+"/tags?kind="+string(t.Kind))
}

// tagView is the page of one tag: its name and colour, and its end.
type tagView struct {
	problems
	Base      string
	Tag       tagRow
	Kind      tag.Kind
	Unused    bool
	Name      string
	Color     string
	Others    []ui.Option
	MayDelete bool
}

func (d *Dashboard) tagView(ctx context.Context, at *room, id tag.ID) (tagView, error) {
	t, err := d.Tags.Usage(ctx, at.Business.ID, id)
	if err != nil {
		return tagView{}, err
	}
	v := tagView{Base: at.Base, Tag: tagRowOf(at, t), Kind: t.Kind, Unused: t.Count == 0, Name: t.Name, Color: t.Color, MayDelete: at.mayManage()}
	list, err := d.Tags.List(ctx, at.Business.ID, t.Kind)
	v.Others = []ui.Option{{Value: "", Label: "Choose a tag"}}
	for _, other := range list {
		if other.ID != id {
			v.Others = append(v.Others, ui.Option{Value: string(other.ID), Label: other.Name})
		}
	}
	return v, err
}

func (d *Dashboard) showTag(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.tagView(r.Context(), at, tag.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showTagPage(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showTagPage(w http.ResponseWriter, r *http.Request, at *room, status int, v tagView) error {
	return render(w, r, status, tagPage(d.frame(r, at, place{v.Tag.Name, tagsRoom}), v))
}

func (d *Dashboard) saveTag(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	id := tag.ID(r.PathValue("id"))
	v, err := d.tagView(r.Context(), at, id)
	if err != nil {
		return err
	}
	v.Name, v.Color = r.PostForm.Get("name"), r.PostForm.Get("color")
	t, err := d.Tags.Update(r.Context(), at.Business.ID, id, 0, tag.Patch{Name: &v.Name, Color: &v.Color})
	if err != nil {
		return d.tagAgain(w, r, at, v, err)
	}
	d.say(r, ui.ToastProps{Text: t.Name + " is saved"})
	return redirect(w, r, at.Base+"/tags?kind="+string(t.Kind))
}

// tagAgain shows the tag's page with what is wrong at its fields.
func (d *Dashboard) tagAgain(w http.ResponseWriter, r *http.Request, at *room, v tagView, err error) error {
	p, ok := problemsOf(err, nil)
	if !ok {
		return err
	}
	v.problems = p
	return d.showTagPage(w, r, at, http.StatusUnprocessableEntity, v)
}

// mergeTag makes this tag part of another.
func (d *Dashboard) mergeTag(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	id, into := tag.ID(r.PathValue("id")), tag.ID(r.PostForm.Get("into"))
	v, err := d.tagView(r.Context(), at, id)
	if err != nil {
		return err
	}
	if into == "" {
		var fields fault.Fields
		fields.Add("into", "", "Choose the tag that stays.")
		return d.tagAgain(w, r, at, v, fields.Err())
	}
	kept, err := d.Tags.Merge(r.Context(), at.Business.ID, into, id)
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: v.Tag.Name + " is part of " + kept.Name + " now"})
	return redirect(w, r, at.Base+"/tags?kind="+string(kept.Kind))
}

func (d *Dashboard) deleteTag(w http.ResponseWriter, r *http.Request, at *room) error {
	id := tag.ID(r.PathValue("id"))
	t, err := d.Tags.Get(r.Context(), at.Business.ID, id)
	if err != nil {
		return err
	}
	if err := d.Tags.Delete(r.Context(), at.Business.ID, id); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: t.Name + " is deleted"})
	return redirect(w, r, at.Base+"/tags?kind="+string(t.Kind))
}
