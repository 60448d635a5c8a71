package message

import (
	"encoding/json"
	"fmt"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
)

// Data is what a mail says, as it was when the mail was queued. Each kind has a type of
// its own.
type Data interface {
	kind() Kind
	// values are the variables of the template.
	values(s renderContext) map[string]string
	// card is the summary, nil for none.
	card(s renderContext) *card
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
	PaymentID    attempt.ID
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
	Role         account.Role
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

// dataReaders read the data of each kind.
func dataReaders() map[Kind]func([]byte) (Data, error) {
	return map[Kind]func([]byte) (Data, error){
		KindReceipt: dataOf[Receipt], KindPaid: dataOf[Paid], KindLimitReached: dataOf[LimitReached],
		KindInvitation: dataOf[Invitation], KindPasswordReset: dataOf[PasswordReset],
		KindNewAddress: dataOf[NewAddress], KindAccountChanged: dataOf[AccountChanged],
		KindRefund: dataOf[Refund], KindOverflow: dataOf[Refund], KindCanceled: dataOf[Refund], KindAttention: dataOf[Attention],
		KindEndpointStopped: dataOf[EndpointStopped], KindNews: dataOf[NewsItem], KindSummary: dataOf[Summary],
		KindTransfer: dataOf[Transfer], KindTransferEnded: dataOf[Transfer], KindBankChanged: dataOf[BankChanged],
		KindWaitingJoined: dataOf[Waiting], KindWaitingOffered: dataOf[Waiting], KindWaitingOpen: dataOf[Waiting],
		KindRecovery: dataOf[Recovery],
		KindLink:     dataOf[Ask], KindReminderFirst: dataOf[Ask], KindReminderMiddle: dataOf[Ask], KindReminderLast: dataOf[Ask],
	}
}

// readData reads what Queue has stored.
func readData(k Kind, text []byte) (Data, error) {
	read := dataReaders()[k]
	if read == nil {
		return nil, fmt.Errorf("message: this version knows no mail %q", k)
	}
	return read(text)
}

func dataOf[T Data](text []byte) (Data, error) {
	var data T
	err := json.Unmarshal(text, &data)
	return data, err
}
