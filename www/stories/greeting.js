// The script of the stories' pages: shows that it ran.

document.title += ', greeted';
