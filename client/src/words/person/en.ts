/** What is asked of a person about themselves: English. */
export const personWords = {
  title: 'Your name',
  heading: 'How others see you',
  name: 'Name',
  colour: 'Colour',
  colourNumber: (number: number) => `Colour ${number}`,
  language: 'Language',
  note: 'Kept in this browser, as are copies of your documents.',
  device: 'See them, or forget this device',
};

/** Each language has the same messages. */
export type PersonWords = typeof personWords;
