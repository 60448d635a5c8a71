package business

import (
	"context"
	"strings"

	"smartlinks/internal/db"
	"smartlinks/internal/money"
)

const columns = `id, handle, name, currency, locale, time_zone, brand_color, contact_email,
	page_enabled, page_title, page_description, page_success, page_default_minor, page_min_minor,
	page_max_minor, page_payer_amount, provider, provider_mode, limited_instant_only, legal_name, legal_address, registration_number, vat_number, vat_rate,
	terms_url, privacy_url, logo_id, page_suggested, cover_id, frame_origins, keep_views_months, payrequest, takes_transfers, checklist_hidden_at IS NOT NULL AS checklist_hidden, version, created_at, updated_at`

// row is a line of the table businesses, without its secret.
type row struct {
	ID              ID             `db:"id"`
	Handle          string         `db:"handle"`
	Name            string         `db:"name"`
	Currency        money.Currency `db:"currency"`
	Locale          string         `db:"locale"`
	TimeZone        string         `db:"time_zone"`
	BrandColor      string         `db:"brand_color"`
	ContactEmail    string         `db:"contact_email"`
	PageEnabled     bool           `db:"page_enabled"`
	PageTitle       string         `db:"page_title"`
	PageDescription string         `db:"page_description"`
	PageSuccess     string         `db:"page_success"`
	PageDefault     *int64         `db:"page_default_minor"`
	PageMin         *int64         `db:"page_min_minor"`
	PageMax         *int64         `db:"page_max_minor"`
	PagePayerAmount bool           `db:"page_payer_amount"`
	Provider        string         `db:"provider"`
	ProviderMode    Mode           `db:"provider_mode"`
	InstantOnly     bool           `db:"limited_instant_only"`
	LegalName       string         `db:"legal_name"`
	LegalAddress    string         `db:"legal_address"`
	Registration    string         `db:"registration_number"`
	VATNumber       string         `db:"vat_number"`
	VATRate         *Rate          `db:"vat_rate"`
	TermsURL        string         `db:"terms_url"`
	PrivacyURL      string         `db:"privacy_url"`
	LogoID          *string        `db:"logo_id"`
	PageSuggested   string         `db:"page_suggested"`
	CoverID         *string        `db:"cover_id"`
	FrameOrigins    string         `db:"frame_origins"`
	KeepViews       int            `db:"keep_views_months"`
	PayRequest      bool           `db:"payrequest"`
	Transfers       bool           `db:"takes_transfers"`
	ChecklistHidden bool           `db:"checklist_hidden"`
	Version         int64          `db:"version"`
	CreatedAt       db.Time        `db:"created_at"`
	UpdatedAt       db.Time        `db:"updated_at"`
}

// business is the row as others see it: with the provider and mode that follow
// from the installation's default.
func (s *Businesses) business(r row) Business {
	b := s.stored(r)
	if b.Provider == "" {
		b.Provider, r.ProviderMode = s.defaultProvider, ""
		if b.Provider == "" && b.Transfers { // its bank is all that it has, and moves real money
			b.Provider = BankTransfer
		}
	}
	b.Mode = Live
	if b.Provider == "" || b.Provider == Sandbox || r.ProviderMode == Test {
		b.Mode = Test
	}
	return b
}

// stored is the row as it may be changed and written back.
func (s *Businesses) stored(r row) Business {
	amount := func(minor *int64) *money.Amount {
		if minor == nil {
			return nil
		}
		return &money.Amount{Minor: *minor, Currency: r.Currency}
	}
	b := Business{
		ID: r.ID, Handle: r.Handle, Name: r.Name, Currency: r.Currency, Locale: r.Locale,
		TimeZone: r.TimeZone, BrandColor: r.BrandColor, ContactEmail: r.ContactEmail,
		Page: Page{
			Enabled: r.PageEnabled, Title: r.PageTitle, Description: r.PageDescription, Success: r.PageSuccess,
			Default: amount(r.PageDefault), Min: amount(r.PageMin), Max: amount(r.PageMax), PayerAmount: r.PagePayerAmount,
			Suggested: money.FromColumn(r.PageSuggested, r.Currency),
		},
		Legal:    Legal{Name: r.LegalName, Address: r.LegalAddress, RegistrationNumber: r.Registration, VATNumber: r.VATNumber, VATRate: r.VATRate},
		TermsURL: r.TermsURL, PrivacyURL: r.PrivacyURL,
		FrameOrigins: strings.Fields(r.FrameOrigins),
		Provider:     r.Provider, InstantOnly: r.InstantOnly, KeepViews: r.KeepViews, PayRequest: r.PayRequest, Transfers: r.Transfers, ChecklistHidden: r.ChecklistHidden, Version: r.Version, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
	if r.LogoID != nil {
		b.LogoID = *r.LogoID
	}
	if r.CoverID != nil {
		b.CoverID = *r.CoverID
	}
	return b
}

// values are what may change, in the order of both statements below.
func (b Business) values() []any {
	minor := func(a *money.Amount) *int64 {
		if a == nil {
			return nil
		}
		return &a.Minor
	}
	return []any{
		b.ID, b.Handle, b.Name, b.Currency, b.Locale, b.TimeZone, b.BrandColor, b.ContactEmail,
		b.Page.Enabled, b.Page.Title, b.Page.Description, b.Page.Success,
		minor(b.Page.Default), minor(b.Page.Min), minor(b.Page.Max), b.Page.PayerAmount, b.Provider,
		b.Legal.Name, b.Legal.Address, b.Legal.RegistrationNumber, b.Legal.VATNumber, b.Legal.VATRate,
		b.TermsURL, b.PrivacyURL, imageColumn(b.LogoID),
		money.Column(b.Page.Suggested), imageColumn(b.CoverID), strings.Join(b.FrameOrigins, " "), b.InstantOnly, b.KeepViews, b.PayRequest,
	}
}

// imageColumn is NULL without a picture.
func imageColumn(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

// insert reports whether the handle was free.
func insert(ctx context.Context, tx *db.Tx, b Business, sealed string) (bool, error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO businesses (id, handle, name, currency, locale, time_zone, brand_color, contact_email,
			page_enabled, page_title, page_description, page_success, page_default_minor, page_min_minor,
			page_max_minor, page_payer_amount, provider, legal_name, legal_address, registration_number, vat_number, vat_rate,
			terms_url, privacy_url, logo_id, page_suggested, cover_id, frame_origins, limited_instant_only, keep_views_months, payrequest, signing_secret, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $33)
		ON CONFLICT (handle) DO NOTHING`,
		append(b.values(), sealed, db.At(tx.Now()))...)
	return n == 1, err
}

// lock reads a business that is about to be changed; whoever else wants to
// change it waits until the transaction ends.
func lock(ctx context.Context, tx *db.Tx, id ID) (r row, err error) {
	err = tx.Get(ctx, &r, `UPDATE businesses SET version = version WHERE id = $1 RETURNING `+columns, id)
	return r, err
}

// write stores a business that is locked, and returns what is stored then.
func write(ctx context.Context, tx *db.Tx, b Business) (r row, err error) {
	err = tx.Get(ctx, &r, `
		UPDATE businesses SET handle = $2, name = $3, currency = $4, locale = $5, time_zone = $6,
			brand_color = $7, contact_email = $8, page_enabled = $9, page_title = $10, page_description = $11,
			page_success = $12, page_default_minor = $13, page_min_minor = $14, page_max_minor = $15,
			page_payer_amount = $16, provider = $17, legal_name = $18, legal_address = $19, registration_number = $20,
			vat_number = $21, vat_rate = $22, terms_url = $23, privacy_url = $24, logo_id = $25, page_suggested = $26, cover_id = $27, frame_origins = $28,
			limited_instant_only = $29, keep_views_months = $30, payrequest = $31, version = version + 1, updated_at = $32
		WHERE id = $1
		RETURNING `+columns,
		append(b.values(), db.At(tx.Now()))...)
	return r, err
}

var selectByID = `SELECT ` + columns + ` FROM businesses WHERE id = $1`

func byID(ctx context.Context, from db.Reader, id ID) (r row, err error) {
	err = from.Get(ctx, &r, selectByID, id)
	return r, err
}
