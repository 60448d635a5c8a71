package system_test

import "smartlinks/internal/domain/domaintest"

// domain is a name that the business proves and gives up again.
func (s *story) domain() {
	s.t.Helper()
	made := s.does("create-domain", "POST", "/domains", `{"host": "pay.acme.example"}`)
	dns := s.Domains.Resolver.(*domaintest.Zone)
	dns.Set("A", "pay.example", "203.0.113.7")
	dns.Set("CNAME", "pay.acme.example", "pay.example.")
	s.does("get-domain", "GET", "/domains/"+made.at("id"), "")
	record := made["records"].([]any)[1].(map[string]any)
	dns.Set("TXT", record["name"].(string), record["value"].(string))
	s.does("check-domain", "POST", "/domains/"+made.at("id")+"/check", "")
	s.does("use-domain", "POST", "/domains/"+made.at("id")+"/use", "")
	s.does("list-domains", "GET", "/domains", "")
	s.does("delete-domain", "DELETE", "/domains/"+made.at("id"), "")
}
