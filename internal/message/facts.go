package message

import (
	"encoding/json"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
)

// Facts are what a mail tells, as they were when it was queued. There is one
// type for each kind.
type Facts interface {
	kind() Kind
	// values are the variables of the template.
	values(s scene) map[string]string
	// card is the summary, nil for none.
	card(s scene) *card
}

// Receipt is what a payer is told of their payment.
type Receipt struct {
	Number       string // 2026-00001
	Code         string // P-7KQ2-M4XD
	CustomerName string
	Title        string // of what was paid
	Description  string
	Reference    string // the merchant's own, may be empty
	Amount       money.Amount
	Parts        checkout.Parts // of the amount
	Method       string         // may be empty
	PaidAt       time.Time
	URL          string // of the receipt page
	Test         bool   // play money
	Issuer       business.Legal
	PaymentID    payment.ID
	Stranger     bool // nobody has confirmed the address
}

// Paid is what the owners are told of a payment.
type Paid struct {
	CustomerName, CustomerEmail string
	Title                       string
	Reference                   string
	Notes                       string // of the payer, may be empty
	Number                      string // of the receipt
	Code                        string // of the payment
	Amount                      money.Amount
	Parts                       checkout.Parts // of the amount
	Answers                     checkout.Answers
	PaidAt                      time.Time
	URL                         string // where the dashboard shows it
	Test                        bool
}

// LimitReached is what the owners are told of a link that has all its payments.
type LimitReached struct {
	LinkName string
	Max      int64
	URL      string // where the dashboard shows it
}

// Invitation invites somebody to become a member of a business.
type Invitation struct {
	BusinessName string
	InviterName  string
	Role         string // in words: "admin"
	URL          string // lets whoever has it in
	ExpiresAt    time.Time
}

// PasswordReset lets a member choose a new password.
type PasswordReset struct {
	Name      string
	URL       string // lets whoever has it in
	ExpiresAt time.Time
}

// NewAddress asks whoever reads mail at an address whether it shall be a member's.
type NewAddress struct {
	Name      string
	URL       string // confirms it
	ExpiresAt time.Time
}

// AccountChanged tells a member that how they sign in was changed, whoever did it.
type AccountChanged struct {
	Name    string
	Change  string // as account.Change has it
	At      time.Time
	Address string // masked, from where; may be empty
}

func (AccountChanged) kind() Kind { return KindAccountChanged }

func (Receipt) kind() Kind       { return KindReceipt }
func (Paid) kind() Kind          { return KindPaid }
func (LimitReached) kind() Kind  { return KindLimitReached }
func (Invitation) kind() Kind    { return KindInvitation }
func (PasswordReset) kind() Kind { return KindPasswordReset }
func (NewAddress) kind() Kind    { return KindNewAddress }

// readers read the facts of each kind.
func readers() map[Kind]func([]byte) (Facts, error) {
	return map[Kind]func([]byte) (Facts, error){
		KindReceipt: factsOf[Receipt], KindPaid: factsOf[Paid], KindLimitReached: factsOf[LimitReached],
		KindInvitation: factsOf[Invitation], KindPasswordReset: factsOf[PasswordReset],
		KindNewAddress: factsOf[NewAddress], KindAccountChanged: factsOf[AccountChanged],
		KindRefund: factsOf[GivenBack], KindOverflow: factsOf[GivenBack], KindAttention: factsOf[Attention],
		KindEndpointStopped: factsOf[EndpointStopped], KindNews: factsOf[NewsItem], KindSummary: factsOf[Summary],
		KindTransfer: factsOf[Transfer], KindTransferEnded: factsOf[Transfer], KindBankChanged: factsOf[BankChanged],
		KindWaitingJoined: factsOf[Waiting], KindWaitingOffered: factsOf[Waiting], KindWaitingOpen: factsOf[Waiting],
		KindRecovery: factsOf[Recovery],
		KindLink:     factsOf[Ask], KindReminderFirst: factsOf[Ask], KindReminderMiddle: factsOf[Ask], KindReminderLast: factsOf[Ask],
	}
}

// readFacts reads what Queue has stored.
func readFacts(k Kind, text []byte) (Facts, error) {
	read := readers()[k]
	if read == nil {
		return nil, fmt.Errorf("message: this version knows no mail %q", k)
	}
	return read(text)
}

func factsOf[T Facts](text []byte) (Facts, error) {
	var facts T
	err := json.Unmarshal(text, &facts)
	return facts, err
}
