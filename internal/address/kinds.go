package address

import "strings"

// A handle is the first segment of what a business has; "" makes the path of the same page
// at its own domain.

// PaymentPage is the page of a business.
func PaymentPage(handle string) Path { return under(handle) }

// Link is the page of a link.
func Link(handle, linkPath string) Path { return under(handle, linkPath) }

// Shop is the page that lists a business's products.
func Shop(handle string) Path { return under(handle, "shop") }

// Product is the page of a product.
func Product(handle, slug string) Path { return under(handle, "shop", slug) }

// Under is a page of the business by its decoded segments, for redirects to what was asked
// for.
func Under(handle string, segments ...string) Path { return under(handle, segments...) }

// Payment is the page on which a payer sees what became of a payment.
func Payment[ID ~string](id ID) Path { return path("pay", string(id)) }

// Receipt is the receipt of a payment. The key opens it for who has not paid in this
// browser; "" for the payer's own browser.
func Receipt[ID ~string](id ID, key string) Path {
	return keyed(Payment(id).Below("receipt"), key)
}

// ReceiptFile is the receipt as a file.
func ReceiptFile[ID ~string](id ID, key string) Path {
	return keyed(Payment(id).Below("receipt.pdf"), key)
}

// CreditNoteFile is a credit note of a payment as a file.
func CreditNoteFile[ID ~string](id ID, number, key string) Path {
	return keyed(Payment(id).Below("credit-notes", number+".pdf"), key)
}

// PaymentByMail is Payment for who reads the payer's mail.
func PaymentByMail[ID ~string](id ID, key string) Path { return keyed(Payment(id), key) }

func keyed(p Path, key string) Path {
	if key == "" {
		return p
	}
	return p.With(KeyParameter, key)
}

// KeyParameter is the parameter of the token that opens a receipt.
const KeyParameter = "key"

// Recipient is a recipient's own address of a link; its token says which message led there.
func Recipient(token string) Path { return path("r", token) }

// Waiting is the page of somebody on a waiting list.
func Waiting(token string) Path { return path("waiting", token) }

// OptOut is the page on which a recipient opts out.
func OptOut(token string) Path { return path("s", token) }

// OptIn is where a recipient takes that back.
func OptIn(token string) Path { return path("s", token, "again") }

// Image is a picture of a business, and Stylesheet its CSS of that version.
func Image[ID ~string](businessID ID, imageID string) Path {
	return path("images", string(businessID), imageID)
}

// Stylesheet is the CSS of a business.
func Stylesheet[ID ~string](businessID ID, version string) Path {
	return path("images", string(businessID), "look.css").With("v", version)
}

// ProviderHook is where a payment provider reports about a business.
func ProviderHook[ID ~string](provider string, businessID ID) Path {
	return path("hooks", provider, string(businessID))
}

// SMSHook is where an SMS gateway reports about a business.
func SMSHook[Kind, ID ~string](gateway Kind, businessID ID) Path {
	return path("hooks", "sms", string(gateway), string(businessID))
}

// MailHook is where a mail service reports about a business.
func MailHook[Kind, ID ~string](service Kind, businessID ID) Path {
	return path("hooks", "mail", string(service), string(businessID))
}

// SMSReport is where an SMS gateway tells what became of one message.
func SMSReport[Kind, ID ~string](gateway Kind, businessID ID, token string) Path {
	return SMSHook(gateway, businessID).With("report", token)
}

// Sandbox is the checkout of the sandbox.
func Sandbox[ID ~string](id ID) Path { return path("sandbox", string(id)) }

// Dashboard is a page of a business's dashboard.
func Dashboard(handle string, segments ...string) Path {
	return path("dashboard", handle).Below(segments...)
}

// SignedIn leads a member to the dashboard of their business, after signing in.
func SignedIn() Path { return path("dashboard") }

// Setup is the page that makes the first business. code is "" where none is asked for.
func Setup(code string) Path {
	if code == "" {
		return path("setup")
	}
	return path("setup").With("code", code)
}

// ForgotPassword is the page that sends the mail with NewPassword.
func ForgotPassword() Path { return path("sign-in", "forgot") }

// NewPassword is the page for a new password, which the token of a mail opens.
func NewPassword(token string) Path { return path("sign-in", "password").With("token", token) }

// ConfirmAddress is the page that confirms a member's new e-mail address.
func ConfirmAddress(token string) Path { return path("sign-in", "address").With("token", token) }

// Invitation is the page of an invitation to a team.
func Invitation(token string) Path { return path("sign-in", "invitation").With("token", token) }

// APIDocs are the guides of the API.
func APIDocs() Path { return path("api", "docs") }

// secret are the paths of which the segment behind opens something for whoever knows it.
var secret = []string{"/pay/", "/sandbox/", "/r/", "/s/"}

// Loggable is a path without what opens something.
func Loggable(path string) string {
	for _, s := range secret {
		if strings.HasPrefix(path, s) {
			return s + "…"
		}
	}
	return path
}
