package asking

import "smartlinks/internal/i18n"

// What packages checkout and text say is wrong with what is asked, for the translations,
// which frame.Reader finds by these patterns.
var _ = []string{
	i18n.Mark("Ask at most {{.Max}} questions."),
	i18n.Mark("Use a lower-case letter and then letters, digits and _, at most 40 in all."),
	i18n.Mark("The page uses this name itself. Choose another key."),
	i18n.Mark("Another question has this key. Choose another one."),
	i18n.Mark("Don't ask for card details: payers enter those at the payment provider alone."),
	i18n.Mark("Give {{.Least}} to {{.Most}} options."),
	i18n.Mark("Two options are the same. Leave one of them out."),
	i18n.Mark("Enter a number, like 1 or 0.5."),
	i18n.Mark("Choose a maximum that is not below the minimum."),
	i18n.Mark("Choose no, optional or required."),
	i18n.Mark("This can’t be read. Take the text as an export writes it."),
	i18n.Mark("Choose at least one way to pay, named like ideal, card or bank_transfer."),
	i18n.Mark("Fill this in."),
	i18n.Mark("Use at most {{.Most}} characters; this has {{.Length}}."),
	i18n.Mark("This text holds characters that can't be shown, such as control characters. Remove them."),
}
