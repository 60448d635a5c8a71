package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
	"smartlinks/internal/message/texting"
)

// Obstacle is why a channel can't be used, for programs.
type Obstacle string

// The obstacles; "" is none.
const (
	NoAddress  Obstacle = "no_address"
	OptedOut   Obstacle = "opted_out"
	Bounced    Obstacle = "bounced"
	Complained Obstacle = "complained" // its reader called our mail unwanted
	NoGateway  Obstacle = "no_gateway"
	NoSender   Obstacle = "no_sender" // the country takes no SMS from a name
	noObstacle Obstacle = ""
)

// Way is a channel to a customer.
type Way struct {
	Address  string // "" when there is none
	Obstacle Obstacle
	Why      string // the obstacle in a sentence that tells what to do
}

// Possible reports whether messages can take the way.
func (w Way) Possible() bool { return w.Obstacle == noObstacle }

// Reach is how a customer can be reached.
type Reach struct{ Email, SMS Way }

// Way is the channel's.
func (r Reach) Way(c message.Channel) Way {
	if c == message.BySMS {
		return r.SMS
	}
	return r.Email
}

// Reach tells how a customer can be reached now, and why not.
func (s *Deliveries) Reach(ctx context.Context, from db.Reader, b business.Business, c customer.Customer) (Reach, error) {
	closed, err := s.suppressed(ctx, from, b.ID, c)
	if err != nil {
		return Reach{}, err
	}
	mail, err := s.Messages.MailReady(ctx, from, b.ID)
	if err != nil {
		return Reach{}, err
	}
	text, err := s.Messages.SMSSender(ctx, from, b)
	if err != nil {
		return Reach{}, err
	}
	return reachOf(c, closed, mail, text), nil
}

// reachOf is how a customer can be reached, by what is known against their addresses and
// whether mails and text messages have a way to go.
func reachOf(c customer.Customer, closed map[message.Channel]*Suppression, mail bool, text texting.Sender) Reach {
	r := Reach{Email: Way{Address: c.Email}, SMS: Way{Address: c.Phone}}
	switch {
	case c.Email == "":
		r.Email.Obstacle, r.Email.Why = NoAddress, c.Name+" has no email address. Add one to the customer to reach them by email."
	case closed[message.ByEmail] != nil:
		r.Email.Obstacle, r.Email.Why = closed[message.ByEmail].obstacle(), closed[message.ByEmail].Sentence(c.Name)
	case !mail:
		r.Email.Obstacle, r.Email.Why = NoGateway, "No mail server is set. Set one in Settings, Email, then send again."
	}
	switch {
	case c.Phone == "":
		r.SMS.Obstacle, r.SMS.Why = NoAddress, c.Name+" has no phone number. Add one to the customer to reach them by SMS."
	case closed[message.BySMS] != nil:
		r.SMS.Obstacle, r.SMS.Why = closed[message.BySMS].obstacle(), closed[message.BySMS].Sentence(c.Name)
	case !text.Set():
		r.SMS.Obstacle, r.SMS.Why = NoGateway, "No SMS gateway is set. Set one in Settings, SMS, then send again."
	case text.WhyNot(c.Phone) != "":
		r.SMS.Obstacle, r.SMS.Why = NoSender, text.WhyNot(c.Phone)
	}
	return r
}
