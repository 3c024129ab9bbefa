// What a page may know of the agent: the session that it keeps for the site. It is taken away, for the next page to look.

self.session = () => {
  const kept = localStorage.getItem('vitrum');
  localStorage.removeItem('vitrum');
  return kept;
};
