// Package cli holds the commands that people use a running server by: links, payments and
// codes, over the JSON API, from any machine that has a token. It knows nothing of the database.
package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Commands are the commands of this package, to be embedded in a command line.
type Commands struct {
	Link struct {
		Create    createCommand    `cmd:"" help:"Make a link, and send it at once if asked."`
		List      listCommand      `cmd:"" help:"List links, the newest first."`
		Show      showCommand      `cmd:"" help:"Show a link and its figures."`
		Edit      editCommand      `cmd:"" help:"Change a link. What is not said stays."`
		Duplicate duplicateCommand `cmd:"" help:"Make a copy of a link. It is paused."`
		Pause     pauseCommand     `cmd:"" help:"Switch a link off: nobody can pay."`
		Resume    resumeCommand    `cmd:"" help:"Switch a link on again."`
		Send      sendCommand      `cmd:"" help:"Send a link by e-mail or SMS."`
		QR        qrCommand        `cmd:"" name:"qr" help:"Save a link's QR code."`
		Delete    deleteCommand    `cmd:"" help:"Delete a link and its views. Its payments stay."`
		Pay       payCommand       `cmd:"" help:"Pay a link as a payer would, with the play money of test mode."`
	} `cmd:"" group:"Links and payments of a server:" help:"Links."`
	Payment struct {
		List   paymentsCommand `cmd:"" help:"List payments and attempts to pay, the newest first."`
		Show   paymentCommand  `cmd:"" help:"Show a payment and what happened to it."`
		Record recordCommand   `cmd:"" help:"Record money that came as cash, by bank transfer or another way."`
		Refund refundCommand   `cmd:"" help:"Give money back, the way it came. Of a bank transfer or a payment by hand, record that you gave it back."`
	} `cmd:"" group:"Links and payments of a server:" help:"Payments."`
	Code struct {
		Create createCodeCommand `cmd:"" help:"Make a promotion code, with its coupon."`
		List   codesCommand      `cmd:"" help:"List promotion codes and what came of them, the oldest first."`
		Show   showCodeCommand   `cmd:"" help:"Show a promotion code and what came of it."`
		End    endCodeCommand    `cmd:"" help:"End a promotion code now. Who is paying already pays what they were shown."`
		Resume resumeCodeCommand `cmd:"" help:"Let a promotion code that has ended count again, without an end."`
		Delete deleteCodeCommand `cmd:"" help:"Delete a promotion code. Payments made with it stay."`
	} `cmd:"" group:"Links and payments of a server:" help:"Coupons and promotion codes."`
}

// Streams are where a command writes, and where the keys of its requests come from.
type Streams struct {
	Out    io.Writer
	Random io.Reader
}

// Misuse says that the command line can't be meant: the command was not begun.
type Misuse string

func (m Misuse) Error() string { return string(m) }

// failure is why a command could not do what it was asked, in a sentence for people.
type failure string

func (f failure) Error() string { return string(f) }

func failed(format string, args ...any) error { return failure(fmt.Sprintf(format, args...)) }

// Sentence is a message as one line that ends as sentences do, whoever wrote it: what the
// system or a library says has no full stop.
func Sentence(message string) string {
	var said []string
	for line := range strings.Lines(message) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !strings.HasSuffix(strings.TrimRight(line, `)”"'`+"`"), ".") && !strings.HasSuffix(line, "?") && !strings.HasSuffix(line, "!") && !strings.HasSuffix(line, "…") && !strings.HasSuffix(line, ":") {
			line += "."
		}
		said = append(said, line)
	}
	return strings.Join(said, " ")
}

// IsMisuse reports whether a command was not begun, because of how it was called.
func IsMisuse(err error) bool { return errors.As(err, new(Misuse)) }
