// What a page may know of the agent: the session that it keeps in the tab.

self.session = () => sessionStorage.getItem('vitrum');
