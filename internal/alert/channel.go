package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/outbound"
	"smartlinks/internal/text"
)

// maxChannels bounds what one event costs.
const maxChannels = 40

// target is where a channel leads, as it is kept sealed.
type target struct {
	URL    string `json:"url"`
	Chat   string `json:"chat,omitempty"`   // Telegram's
	P256dh string `json:"p256dh,omitempty"` // of a device (RFC 8291)
	Auth   string `json:"auth,omitempty"`
}

// Draft is a channel that a member wants to have.
type Draft struct {
	Kind     Kind
	Name     string // "": as the kind is called
	URL      string // of Slack, Discord, ntfy, and of a device's push service
	Token    string // of a Telegram bot
	Chat     string // where the bot writes
	P256dh   string // keys of a device
	Auth     string
	Language string
	News     []message.News
}

// Add makes a channel and tells it so. A device that is there already gets the news chosen
// now. Errors: Invalid with the fields "url", "token", "chat" and "name", Conflict when
// there are too many.
func (a *Alerts) Add(ctx context.Context, b business.Business, member account.UserID, d Draft) error {
	to, err := a.check(&d)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(to)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(string(b.ID) + "\n" + to.URL + "\n" + to.Chat))
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		id, err := tx.NewID("alc")
		if err != nil {
			return err
		}
		sealed, err := a.Sealer.Seal(plain, targetContext(ID(id)))
		if err != nil {
			return err
		}
		if err := tx.Lock(ctx, "alert channels "+string(b.ID)); err != nil {
			return err
		}
		// A device subscribes anew with other keys: what was there goes.
		if _, err := tx.Exec(ctx, `DELETE FROM alert_channels WHERE business_id = $1 AND digest = $2`, b.ID, hex.EncodeToString(sum[:])); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO alert_channels (id, business_id, user_id, kind, name, address, digest, language, news, active, created_at, updated_at)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, TRUE, $10, $10 WHERE (SELECT COUNT(*) FROM alert_channels WHERE business_id = $2) < $11`,
			id, b.ID, member, d.Kind, d.Name, sealed, hex.EncodeToString(sum[:]), d.Language, message.NewsColumn(d.News), db.At(tx.Now()), maxChannels)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "A business has at most 40 channels and devices. Remove one that is not used.")
		}
		if err != nil {
			return err
		}
		tx.Notify(topic, string(b.ID))
		return a.post(ctx, tx, b.ID, ID(id), a.trial(b, d.Language))
	})
}

// targetContext is what a channel's address is sealed for.
func targetContext(id ID) string { return "alert/" + string(id) + "/address" }

var names = map[Kind]string{Slack: "Slack", Discord: "Discord", Telegram: "Telegram", Ntfy: "ntfy", Push: "Web push"}

// check says what is wrong with a draft, and where it leads.
func (a *Alerts) check(d *Draft) (target, error) {
	var wrong fault.Fields
	d.Name = text.Rule{Most: 60}.Clean("name", d.Name, wrong.Add)
	if d.Name == "" {
		d.Name = names[d.Kind]
	}
	to := target{URL: strings.TrimSpace(d.URL)}
	switch d.Kind {
	case Slack:
		if !a.checkURL(to.URL, "https://hooks.slack.com/services/", &wrong) {
			wrong.Add("url", "", "Enter the webhook’s address that Slack shows. It begins with https://hooks.slack.com/services/.")
		}
	case Discord:
		if !strings.HasPrefix(to.URL, "https://discordapp.com/api/webhooks/") && !a.checkURL(to.URL, "https://discord.com/api/webhooks/", &wrong) {
			wrong.Add("url", "", "Enter the webhook’s address that Discord shows. It begins with https://discord.com/api/webhooks/.")
		}
	case Ntfy:
		if _, topic := topicOf(to.URL); !isTopic.MatchString(topic) || !a.checkURL(to.URL, "https://", &wrong) {
			wrong.Add("url", "", "Enter the topic’s whole address, such as https://ntfy.sh/my-shop-7f3a.")
		}
	case Push:
		if !a.checkURL(to.URL, "https://", &wrong) {
			wrong.Add("url", "", "This browser gave no address for notifications. Try another one.")
		}
		to.P256dh, to.Auth = d.P256dh, d.Auth
		if to.P256dh == "" || to.Auth == "" || len(to.P256dh) > 200 || len(to.Auth) > 100 {
			wrong.Add("url", "", "This browser gave no keys for notifications. Try another one.")
		}
	case Telegram:
		token := strings.TrimSpace(d.Token)
		number, rest, ok := strings.Cut(token, ":")
		if !ok || number == "" || len(rest) < 20 || len(token) > 100 || strings.Trim(number, "0123456789") != "" || url.PathEscape(rest) != rest {
			wrong.Add("token", "", "Enter the token that BotFather gave you, like 123456789:AAF….")
		}
		to.Chat = strings.TrimSpace(d.Chat)
		if id := strings.TrimPrefix(to.Chat, "-"); to.Chat == "" || len(to.Chat) > 64 || !strings.HasPrefix(to.Chat, "@") && strings.Trim(id, "0123456789") != "" {
			wrong.Add("chat", "", "Enter the chat’s number, like -1001234567890, or a channel’s name like @myshop.")
		}
		to.URL = a.TelegramAPI + "/bot" + token + "/sendMessage"
	default:
		wrong.Add("kind", "", "Choose one of the services in the list.")
	}
	return to, wrong.Err()
}

// checkURL reports whether that is an address as the service has them, and says it where it is
// one of a private network.
func (a *Alerts) checkURL(typed, prefix string, wrong *fault.Fields) bool {
	parsed, err := url.Parse(typed)
	if err != nil || len(typed) > 2000 || parsed.Hostname() == "" || parsed.User != nil || !a.AllowPrivate && (typed == prefix || !strings.HasPrefix(typed, prefix)) ||
		a.AllowPrivate && parsed.Scheme != "https" && parsed.Scheme != "http" {
		return false
	}
	if !a.AllowPrivate && outbound.PrivateHost(parsed.Hostname()) {
		wrong.Add("url", "", "Enter an address that can be reached from the internet; this one is private.")
	}
	return true
}

// row is a line of alert_channels.
type row struct {
	ID        ID
	Kind      Kind
	Name      string
	UserID    account.UserID
	News      string
	Active    bool
	Reason    string
	CreatedAt db.Time
}

const columns = `id, kind, name, user_id, news, active, reason, created_at`

func (r row) channel() Channel {
	return Channel{r.ID, r.Kind, r.Name, r.UserID, message.ParseNews(strings.Fields(r.News)), r.Active, r.Reason, r.CreatedAt.Time}
}

// Channels are those of the business, without the devices of members, and the devices of
// this member.
func (a *Alerts) Channels(ctx context.Context, businessID business.ID, member account.UserID) (all []Channel, err error) {
	var rows []row
	err = a.DB.Select(ctx, &rows, `SELECT `+columns+` FROM alert_channels WHERE business_id = $1 AND (kind <> 'push' OR user_id = $2) ORDER BY id`, businessID, member)
	for _, r := range rows {
		all = append(all, r.channel())
	}
	return all, err
}

// Channel is one of those that Channels lists. Errors: NotFound.
func (a *Alerts) Channel(ctx context.Context, businessID business.ID, member account.UserID, id ID) (Channel, error) {
	var r row
	err := a.DB.Get(ctx, &r, `SELECT `+columns+` FROM alert_channels WHERE business_id = $1 AND id = $2 AND (kind <> 'push' OR user_id = $3)`, businessID, id, member)
	if errors.Is(err, db.ErrNoRows) {
		return Channel{}, gone()
	}
	return r.channel(), err
}

func gone() error {
	return fault.New(fault.NotFound, "This channel is not there any more. Reload the page.")
}

// Change sets what a channel tells, and switches one on again that was switched off.
// Errors: NotFound.
func (a *Alerts) Change(ctx context.Context, businessID business.ID, member account.UserID, id ID, news []message.News) error {
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		column := message.NewsColumn(news)
		var same bool
		err := tx.Get(ctx, &same, `SELECT news = $4 AND active AND reason = '' FROM alert_channels
			WHERE business_id = $1 AND id = $2 AND (kind <> 'push' OR user_id = $3)`, businessID, id, member, column)
		if errors.Is(err, db.ErrNoRows) {
			return gone()
		}
		if err != nil {
			return err
		}
		if same {
			tx.Unchanged(tx.Writes())
			return nil
		}
		return there(tx.Exec(ctx, `UPDATE alert_channels SET news = $4, active = TRUE, reason = '', updated_at = $5
			WHERE business_id = $1 AND id = $2 AND (kind <> 'push' OR user_id = $3)`, businessID, id, member, column, db.At(tx.Now())))
	})
}

// Remove forgets a channel, and what is on its way. Errors: NotFound.
func (a *Alerts) Remove(ctx context.Context, businessID business.ID, member account.UserID, id ID) error {
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		return there(tx.Exec(ctx, `DELETE FROM alert_channels WHERE business_id = $1 AND id = $2 AND (kind <> 'push' OR user_id = $3)`, businessID, id, member))
	})
}

// there says that the statement must have met a channel.
func there(n int64, err error) error {
	if err == nil && n == 0 {
		return gone()
	}
	return err
}

// Try sends a channel a test. Errors: NotFound.
func (a *Alerts) Try(ctx context.Context, b business.Business, member account.UserID, id ID) error {
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		var language string
		err := tx.Get(ctx, &language, `UPDATE alert_channels SET active = TRUE, reason = '' WHERE business_id = $1 AND id = $2 AND (kind <> 'push' OR user_id = $3) RETURNING language`, b.ID, id, member)
		if errors.Is(err, db.ErrNoRows) {
			return gone()
		}
		if err != nil {
			return err
		}
		return a.post(ctx, tx, b.ID, id, a.trial(b, language))
	})
}
