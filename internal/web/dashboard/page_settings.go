package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
)

// pageSettingsView is the form of the payment page.
type pageSettingsView struct {
	problems
	Base, Version    string
	Heading          paymentPageHeading
	Values           pageValues
	Symbol, Currency string
	MayEdit          bool
	Prefix           string // of the handle: the host
	Logo, Cover      string // addresses of the pictures, "" for none
}

// BrandHint is what becomes of the colour, or how to write one.
func (v pageSettingsView) BrandHint() string {
	if note := ui.BrandNote(v.Values.BrandColor); note != "" {
		return note
	}
	return "Such as #0E5A5C."
}

// HandleHint warns of what a new handle changes.
func (v pageSettingsView) HandleHint() string {
	return "The first part of all your links. After a change the old addresses keep leading here."
}

// pageValues are the fields as they were typed.
type pageValues struct {
	Handle                      string
	Enabled, PayerAmount        bool
	Title, Description, Success string
	Default, Min, Max           string
	Suggested                   string // amounts, apart by spaces
	FrameOrigins                string // one a line
	BrandColor                  string
}

func (v pageSettingsView) why() string {
	if v.MayEdit {
		return ""
	}
	return "Only an owner or an admin changes these settings."
}

func (d *Dashboard) showPageSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.pageSettings(r, at)
	if err != nil {
		return err
	}
	return d.showPageForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showPageForm(w http.ResponseWriter, r *http.Request, at *room, status int, v pageSettingsView) error {
	return render(w, r, status, pageSettingsPage(d.frame(r, at, place{"Payment Page settings", paymentPageRoom}), v))
}

func (d *Dashboard) pageSettings(r *http.Request, at *room) (pageSettingsView, error) {
	heading, err := d.paymentPageHeading(r, at)
	heading.Settings = true
	b := at.Business
	return pageSettingsView{
		Base: at.Base, Version: strconv.FormatInt(b.Version, 10), Heading: heading,
		Values: pageValues{
			Handle: b.Handle, Enabled: b.Page.Enabled, PayerAmount: b.Page.PayerAmount, Title: b.Page.Title,
			Description: b.Page.Description, Success: b.Page.Success, BrandColor: b.BrandColor,
			Default: typed(b.Page.Default), Min: typed(b.Page.Min), Max: typed(b.Page.Max),
			Suggested: typedList(b.Page.Suggested), FrameOrigins: strings.Join(b.FrameOrigins, "\n"),
		},
		Symbol: symbol(b.Currency), Currency: string(b.Currency), MayEdit: at.mayManage(), Prefix: at.Public.Host + "/", Logo: imageHref(at, b.LogoID), Cover: imageHref(at, b.CoverID),
	}, err
}

func pageValuesFrom(form url.Values) pageValues {
	return pageValues{
		Handle: form.Get("handle"), Enabled: ticked(form, "enabled"), PayerAmount: ticked(form, "payer_amount"),
		Title: form.Get("title"), Description: form.Get("description"), Success: form.Get("success"),
		Default: form.Get("default"), Min: form.Get("min"), Max: form.Get("max"), BrandColor: form.Get("brand_color"),
		Suggested: form.Get("suggested"), FrameOrigins: form.Get("frame_origins"),
	}
}

func (d *Dashboard) savePageSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	files, err := readUploads(w, r, maxPicture, "logo", "cover")
	if err != nil {
		return err
	}
	v, err := d.pageSettings(r, at)
	if err != nil {
		return err
	}
	v.Values = pageValuesFrom(r.PostForm)
	after, err := d.changePage(r, at, v.Values, files)
	if fault.Is(err, fault.Stale) {
		v.problems = staleProblem(at.Base + "/page")
		v.chooseAgain(files)
		return d.showPageForm(w, r, at, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := problemsOf(err, pageInputs())
		if !ok {
			return err
		}
		v.problems = p
		v.chooseAgain(files)
		return d.showPageForm(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: "Your payment page is saved"})
	return redirect(w, r, "/dashboard/"+after.Handle+"/page")
}

func (d *Dashboard) changePage(r *http.Request, at *room, values pageValues, files uploads) (business.Business, error) {
	var unread fault.Fields
	c := at.Business.Currency
	page := business.Page{
		Enabled: values.Enabled, PayerAmount: values.PayerAmount,
		Title: values.Title, Description: values.Description, Success: values.Success,
		Default: amountIfAny(values.Default, c, "page.default", &unread),
		Min:     amountIfAny(values.Min, c, "page.min", &unread),
		Max:     amountIfAny(values.Max, c, "page.max", &unread),

		Suggested: amountsFrom(values.Suggested, c, "page.suggested", &unread),
	}
	origins := strings.Fields(values.FrameOrigins)
	after, err := d.Businesses.Update(r.Context(), at.Business.ID, versionFrom(r.PostForm), business.Patch{
		Handle: &values.Handle, Page: &page, BrandColor: &values.BrandColor,
		Logo: files.picture("logo"), RemoveLogo: ticked(r.PostForm, "remove_logo"),
		Cover: files.picture("cover"), RemoveCover: ticked(r.PostForm, "remove_cover"), FrameOrigins: &origins,
	})
	return after, merged(unread, err)
}

// chooseAgain says of a picture that was sent along that it is not kept: no
// page can fill in a file.
func (v *pageSettingsView) chooseAgain(files uploads) {
	for field, name := range map[string]string{"logo": "logo", "cover": "picture"} {
		if _, sent := files[field]; !sent || v.Errors[field] != "" {
			continue
		}
		if v.Errors == nil {
			v.Errors = map[string]string{}
		}
		v.Errors[field] = "Choose the " + name + " again: it is not kept while something else needs mending."
	}
}

// pageInputs maps fields to inputs.
func pageInputs() map[string]string {
	return map[string]string{
		"page.title": "title", "page.description": "description", "page.success": "success",
		"page.default": "default", "page.min": "min", "page.max": "max", "page.suggested": "suggested",
	}
}
