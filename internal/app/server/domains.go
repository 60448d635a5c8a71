package server

import (
	"net"

	"smartlinks/internal/cli"
	"smartlinks/internal/domain"
	"smartlinks/internal/system"
)

// domainFlags say how own domains of businesses are looked after.
type domainFlags struct {
	DNS string `name:"dns" env:"SMARTLINKS_DNS" placeholder:"HOST:PORT" help:"DNS server that is asked when own domains are proven, instead of the system's."`
}

// read puts what the flags say into the options.
func (f domainFlags) read(o *system.Options) error {
	if f.DNS == "" {
		return nil
	}
	if _, _, err := net.SplitHostPort(f.DNS); err != nil {
		return cli.Misuse("--dns takes a server with its port, like 127.0.0.1:53, not “" + f.DNS + "”.")
	}
	o.Resolver = domain.NewResolver(f.DNS)
	return nil
}
