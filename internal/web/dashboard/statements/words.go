package statements

import (
	"smartlinks/internal/statement"
	"smartlinks/internal/web/dashboard/frame"
)

// whyText says why an entry is doubtful.
func whyText(reader frame.Reader, why statement.Reason) string {
	switch why {
	case statement.UnknownReference:
		return reader.T("Its reference is none of ours; it may be mistyped.")
	case statement.Less:
		return reader.T("Less than was asked.")
	case statement.More:
		return reader.T("More than was asked.")
	case statement.TwoReferences:
		return reader.T("It names two payments.")
	case statement.PaidAlready:
		return reader.T("That payment has its money already.")
	case statement.ByHand:
		return reader.T("It may be what you recorded by hand.")
	case statement.OtherFormat:
		return reader.T("Another file format told of the same money.")
	case statement.OtherMode:
		return reader.T("Its reference is of the other mode, test or live.")
	case statement.OtherCurrency:
		return reader.T("It is not in euros.")
	case statement.TooEarly:
		return reader.T("It came before that payment was begun.")
	case statement.InFuture:
		return reader.T("Its day has not come yet.")
	case statement.TakenBack:
		return reader.T("The bank took it back. Refund the payment that it was.")
	case statement.UnclearBatch:
		return reader.T("Several transfers in one, whose parts don’t add up.")
	}
	return reader.T("It has no reference.")
}

// leftText says how many entries were left out for a reason.
func leftText(reader frame.Reader, f statement.Figure) string {
	switch f.Reason {
	case statement.Outgoing:
		return reader.N(f.Entries, "{{.Count}} outgoing", "{{.Count}} outgoing")
	case statement.NotBooked:
		return reader.N(f.Entries, "{{.Count}} not booked yet", "{{.Count}} not booked yet")
	case statement.OtherAccount:
		return reader.N(f.Entries, "{{.Count}} of another account", "{{.Count}} of another account")
	case statement.Nothing:
		return reader.N(f.Entries, "{{.Count}} of 0.00", "{{.Count}} of 0.00")
	case statement.SentBack:
		return reader.N(f.Entries, "{{.Count}} sent back", "{{.Count}} sent back")
	case statement.NotOurs:
		return reader.N(f.Entries, "{{.Count}} for something else", "{{.Count}} for something else")
	}
	return reader.N(f.Entries, "{{.Count}} counted before", "{{.Count}} counted before")
}

// fitsText says what of a payment fits an entry.
func fitsText(reader frame.Reader, c statement.Candidate) string {
	switch {
	case c.Reference:
		return reader.T("Reference fits")
	case c.Name && c.Same:
		return reader.T("Name and amount fit")
	case c.Same:
		return reader.T("Amount fits")
	case c.Name:
		return reader.T("Name fits")
	}
	return ""
}
