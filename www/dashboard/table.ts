// A table of records that turns into a list of labelled values on a phone (see style.css).

import { element } from './element';
import type { Child } from './element';

export interface Column<T> {
  title: string;
  cell(item: T): Child;
  numeric?: boolean;
}

/** Roles are spelled out because the phone layout gives rows and cells another display. */
export function table<T>(title: string, columns: Column<T>[], items: T[], nothing: string): HTMLElement {
  if (items.length === 0) return element('p', { class: 'nothing' }, nothing);
  const numeric = (column: Column<T>): string | false => column.numeric === true && 'number';
  return element(
    'table',
    { role: 'table', 'aria-label': title },
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        ...columns.map((column) =>
          element('th', { role: 'columnheader', scope: 'col', class: numeric(column) }, column.title),
        ),
      ),
    ),
    element(
      'tbody',
      { role: 'rowgroup' },
      ...items.map((item) =>
        element(
          'tr',
          { role: 'row' },
          ...columns.map((column) =>
            element(
              'td',
              { role: 'cell', class: numeric(column), 'data-title': column.title },
              element('div', {}, column.cell(item)),
            ),
          ),
        ),
      ),
    ),
  );
}
