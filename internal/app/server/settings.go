package server

import (
	"log/slog"

	"smartlinks/internal/address"
	"smartlinks/internal/geo"
	"smartlinks/internal/system"
)

// settings are what a server knows of its installation.
type settings struct {
	system.Options
	apiOrigins   []string // sites whose pages may call the API
	metricsToken string
	countries    *geo.Countries // nil without a file
	data         string         // the data folder
	backups      BackupFlags
	spool        string // folder of views that wait for the database
	// private says that only this machine reaches the server.
	private bool
}

// NewOptions are what the flags say of the outside, with what else is known.
func NewOptions(mail MailFlags, providers ProviderFlags, public address.Book, log *slog.Logger) (system.Options, error) {
	o := system.Options{
		Addresses: public, Log: log, SMSBases: providers.SMSBases(), StripeAPI: providers.StripeAPI, MollieAPI: providers.MollieAPI,
	}
	err := mail.Read(&o)
	return o, err
}
