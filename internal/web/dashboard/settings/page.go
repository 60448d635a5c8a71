package settings

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// pageSettingsView is the form of the payment page.
type pageSettingsView struct {
	frame.Problems
	Base, Version    string
	Heading          frame.PaymentPageHeading
	Values           pageValues
	Symbol, Currency string
	MayEdit          bool
	Prefix           string // of the handle: the host
	Logo, Cover      string // addresses of the pictures, "" for none
}

// BrandHint is what becomes of the colour, or how to write one.
func (v pageSettingsView) BrandHint(reader frame.Reader) string {
	if note := ui.BrandNote(reader.Translator, v.Values.BrandColor); note != "" {
		return note
	}
	return reader.T("Such as #0E5A5C.")
}

// HandleHint warns of what a new handle changes.
func (v pageSettingsView) HandleHint(reader frame.Reader) string {
	return reader.T("The first part of all your links. If you change it, the old addresses keep working.")
}

// pageValues are the fields as they were typed.
type pageValues struct {
	Handle                      string
	Enabled, PayerAmount        bool
	Title, Description, Success string
	Default, Min, Max           string
	Suggested                   string // amounts, separated by spaces
	FrameOrigins                string // one a line
	BrandColor                  string
}

func (v pageSettingsView) why(reader frame.Reader) string {
	if v.MayEdit {
		return ""
	}
	return reader.T("Only an owner or an admin can change these settings.")
}

func (d pages) showPageSettings(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.pageSettings(r, scope)
	if err != nil {
		return err
	}
	return d.showPageForm(w, r, scope, http.StatusOK, v)
}

func (d pages) showPageForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v pageSettingsView) error {
	return frame.Render(w, r, status, pageSettingsPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Payment Page settings"), Section: frame.PaymentPageSection}), v))
}

func (d pages) pageSettings(r *http.Request, scope *frame.Scope) (pageSettingsView, error) {
	heading, err := d.PaymentPageHeading(r, scope, frame.PageSettingsTab)
	b := scope.Business
	return pageSettingsView{
		Base: scope.Base, Version: strconv.FormatInt(b.Version, 10), Heading: heading,
		Values: pageValues{
			Handle: b.Handle, Enabled: b.Page.Enabled, PayerAmount: b.Page.PayerAmount, Title: b.Page.Title,
			Description: b.Page.Description, Success: b.Page.Success, BrandColor: b.BrandColor,
			Default: scope.AmountInput(b.Page.Default), Min: scope.AmountInput(b.Page.Min), Max: scope.AmountInput(b.Page.Max),
			Suggested: scope.AmountsInput(b.Page.Suggested), FrameOrigins: strings.Join(b.FrameOrigins, "\n"),
		},
		Symbol: frame.Symbol(b.Currency), Currency: string(b.Currency), MayEdit: scope.MayManage(), Prefix: scope.Addresses.Host() + "/", Logo: frame.ImageHref(scope, b.LogoID), Cover: frame.ImageHref(scope, b.CoverID),
	}, err
}

func pageValuesFrom(form url.Values) pageValues {
	return pageValues{
		Handle: form.Get("handle"), Enabled: frame.Ticked(form, "enabled"), PayerAmount: frame.Ticked(form, "payer_amount"),
		Title: form.Get("title"), Description: form.Get("description"), Success: form.Get("success"),
		Default: form.Get("default"), Min: form.Get("min"), Max: form.Get("max"), BrandColor: form.Get("brand_color"),
		Suggested: form.Get("suggested"), FrameOrigins: form.Get("frame_origins"),
	}
}

func (d pages) savePageSettings(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	files, err := frame.ReadUploads(w, r, frame.MaxPicture, "logo", "cover")
	if err != nil {
		return err
	}
	v, err := d.pageSettings(r, scope)
	if err != nil {
		return err
	}
	v.Values = pageValuesFrom(r.PostForm)
	after, err := d.changePage(r, scope, v.Values, files)
	if fault.Is(err, fault.Stale) {
		v.Problems = frame.StaleProblem(scope.Reader, scope.Base+"/page")
		v.chooseAgain(scope.Reader, files)
		return d.showPageForm(w, r, scope, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, pageInputs())
		if !ok {
			return err
		}
		v.Problems = p
		v.chooseAgain(scope.Reader, files)
		return d.showPageForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your payment page is saved")})
	return frame.Redirect(w, r, address.Dashboard(after.Handle, "page").String())
}

func (d pages) changePage(r *http.Request, scope *frame.Scope, values pageValues, files frame.Uploads) (business.Business, error) {
	var unread fault.Fields
	c := scope.Business.Currency
	page := business.Page{
		Enabled: values.Enabled, PayerAmount: values.PayerAmount,
		Title: values.Title, Description: values.Description, Success: values.Success,
		Default: frame.OptionalAmount(scope.Reader, values.Default, c, "page.default", &unread),
		Min:     frame.OptionalAmount(scope.Reader, values.Min, c, "page.min", &unread),
		Max:     frame.OptionalAmount(scope.Reader, values.Max, c, "page.max", &unread),

		Suggested: frame.AmountsFrom(scope.Reader, values.Suggested, c, "page.suggested", &unread),
	}
	origins := strings.Fields(values.FrameOrigins)
	after, err := d.Businesses.Update(r.Context(), scope.Business.ID, frame.VersionFrom(r.PostForm), business.Patch{
		Handle: &values.Handle, Page: &page, BrandColor: &values.BrandColor,
		Logo: files.Picture("logo"), RemoveLogo: frame.Ticked(r.PostForm, "remove_logo"),
		Cover: files.Picture("cover"), RemoveCover: frame.Ticked(r.PostForm, "remove_cover"), FrameOrigins: &origins,
	})
	return after, frame.Merged(unread, err)
}

// chooseAgain says of a picture that was sent along that it is not kept: no
// page can fill in a file.
func (v *pageSettingsView) chooseAgain(reader frame.Reader, files frame.Uploads) {
	for field, said := range map[string]string{
		"logo":  reader.T("Choose the logo again. Files are not kept while something else needs correcting."),
		"cover": reader.T("Choose the picture again. Files are not kept while something else needs correcting."),
	} {
		if _, sent := files[field]; !sent || v.Errors[field] != "" {
			continue
		}
		if v.Errors == nil {
			v.Errors = map[string]string{}
		}
		v.Errors[field] = said
	}
}

// pageInputs maps fields to inputs.
func pageInputs() map[string]string {
	return map[string]string{
		"page.title": "title", "page.description": "description", "page.success": "success",
		"page.default": "default", "page.min": "min", "page.max": "max", "page.suggested": "suggested",
	}
}
