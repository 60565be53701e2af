package web

import (
	"encoding/hex"
	"net/http"

	"huiyin/internal/httpx"
	"huiyin/internal/usecase"
)

// myFile sends one of the reader's own files.
func (s *Site) myFile(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	row, content, err := s.Office.Attachment(r.Context(), v.who, view.Matter.Ref, r.PathValue("id"))
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // only read from
	httpx.ServeDownload(w, r, row.Name, row.Mime, content, hex.EncodeToString(row.SHA256))
	return nil
}
