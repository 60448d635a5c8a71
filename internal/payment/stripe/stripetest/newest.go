package stripetest

// Newest is the id of the session that was made last, "" before the first.
func (s *Server) Newest() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sessions) == 0 {
		return ""
	}
	return s.sessions[len(s.sessions)-1].ID
}
