package frame

import "smartlinks/internal/money"

// Share is what messengers and search engines are told of a page.
type Share struct {
	Address string // of the page, absolute
	Card    string // of its picture
	Title   string
	Text    string
	Price   *money.Amount // nil where payers choose the amount
	Product bool          // it sells one
}

// kind is Open Graph's word for the page.
func (s Share) kind() string {
	if s.Product {
		return "product"
	}
	return "website"
}
