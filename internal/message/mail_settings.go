package message

import (
	"context"
	"errors"
	netmail "net/mail"

	"smartlinks/internal/business"
	"smartlinks/internal/cache"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/email"
	"smartlinks/internal/secret"
)

// sender is who a mail comes from, and the way it goes.
type sender struct {
	business *business.Business // nil for the installation itself
	from     netmail.Address
	replyTo  string
	returns  string  // "": what comes back goes to from
	gateway  Gateway // nil when none is set
	attaches bool    // receipts and credit notes go with their mails
	own      []templateRow
}

// installationName is whom mails of the installation itself come from.
const installationName = "Smart Links"

// mailSettings is what all mails of a business have in common.
type mailSettings struct {
	business business.Business
	settings settingsRow
	own      []templateRow // what it wrote itself
}

const (
	// settingsTopic is the topic of notices that a business changed how it sends.
	settingsTopic = "letterhead"
	// maxCachedSettings bounds of how many businesses they are cached.
	maxCachedSettings = 2_000
)

func newSettingsCache() settingsCache {
	return cache.NewNamed[business.ID, business.ID](cache.NamedConfig[business.ID, mailSettings]{
		Size: maxCachedSettings, Stale: func(error) bool { return false },
		Matches: func(h *mailSettings, id business.ID) bool { return h.business.ID == id },
	})
}

type settingsCache = cache.Named[business.ID, business.ID, mailSettings]

// onNotice forgets what a notice names.
func (m *Messages) onNotice(topic, key string) {
	switch topic {
	case "business", settingsTopic:
		m.settingsCache.Invalidate(business.ID(key))
	case "*":
		m.settingsCache.InvalidateAll()
	}
}

// cachedMailSettings are those for mails that wait: as read before, unless they changed.
func (m *Messages) cachedMailSettings(ctx context.Context, id business.ID) (mailSettings, error) {
	return m.settingsCache.Find(id, func() (business.ID, mailSettings, bool, error) {
		h, err := m.readMailSettings(ctx, id)
		return id, h, true, err
	})
}

func (m *Messages) readMailSettings(ctx context.Context, id business.ID) (h mailSettings, err error) {
	b := m.Businesses.Reading(id)
	if err := m.DB.Batch(ctx, b.Statement, db.One(&h.settings, selectSettings, id),
		db.All(&h.own, `SELECT kind, subject, body, updated_at FROM mail_templates WHERE business_id = $1`, id)); err != nil {
		return h, err
	}
	h.business, err = b.Business()
	return h, err
}

// sender reads who a mail of the business comes from.
func (m *Messages) sender(ctx context.Context, businessID business.ID) (sender, error) {
	h, err := m.readMailSettings(ctx, businessID)
	if err != nil {
		return sender{}, err
	}
	return m.senderOf(h)
}

// waitingSender is the sender of a mail that waits.
func (m *Messages) waitingSender(ctx context.Context, businessID business.ID) (sender, error) {
	if businessID == "" {
		s := sender{from: m.From, gateway: m.Gateway}
		s.from.Name = installationName
		return s, nil
	}
	h, err := m.cachedMailSettings(ctx, businessID)
	if err != nil {
		return sender{}, err
	}
	return m.senderOf(h)
}

func (m *Messages) senderOf(h mailSettings) (sender, error) {
	b, r := h.business, h.settings
	s := sender{
		business: &b, from: m.From, gateway: m.Gateway, replyTo: b.ContactEmail, attaches: r.AttachPDF, returns: r.ReturnAddress, own: h.own,
	}
	s.from.Name = b.Name
	if r.FromName != "" {
		s.from.Name = r.FromName
	}
	if r.ReplyTo != "" {
		s.replyTo = r.ReplyTo
	}
	server, err := m.ownServer(b.ID, r)
	if errors.Is(err, secret.ErrSealed) {
		return s, fault.Wrap(err, fault.Unavailable, "The mail server that is stored can’t be read any more. Enter it again in Settings, Email.")
	}
	if err != nil || server == nil {
		return s, err
	}
	if r.FromAddress != "" {
		s.from.Address = r.FromAddress
	}
	s.gateway = &email.SMTP{Server: *server, Name: m.Addresses.Hostname(), Waits: email.UsualWaits(), PublicOnly: !m.PrivateGateways}
	return s, nil
}
