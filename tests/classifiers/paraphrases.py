"""Needs told twice in other words, and beside each a text that shares its words and means something else."""

PARAPHRASES = (
    (
        "Our auditor wants to see who changed each price and when.",
        "For the yearly examination we must prove which person edited a tariff, with date and time.",
        "The price list changed again and our auditor paid more for parking.",
    ),
    (
        "The search page takes twenty seconds to load.",
        "I look something up and sit there for ages before any result shows.",
        "The search page shows twenty results; I would like fifty.",
    ),
    (
        "We pay for forty seats that nobody uses.",
        "A big part of our licences is idle and still on the invoice.",
        "Nobody uses the forty chairs in the meeting room.",
    ),
    (
        "Nurses cannot chart at the bedside because the form needs a mouse.",
        "On the ward's tablet the documentation screen does not react to touch.",
        "Nurses can chart at the bedside and like the form.",
    ),
    (
        "Someone who left in March could still log in last week.",
        "An ex-employee's account was never closed and still opens everything.",
        "Someone who started in March logged in last week for training.",
    ),
    (
        "It takes nine clicks to approve one invoice.",
        "Signing off a single bill means going through screen after screen.",
        "Nine invoices were approved with a click of one person.",
    ),
    (
        "The app lost my entries when the train went through a tunnel.",
        "Without a connection everything that I typed is gone.",
        "I read about the app on the train, in a tunnel.",
    ),
    (
        "The board asks what the tool saved us this year.",
        "I need figures for our directors that show what we got back for the money.",
        "Save this year's board games in the tool shed.",
    ),
    (
        "We need our documents to stay on servers within the EU.",
        "The files must not be stored outside of Europe.",
        "We keep documents about EU travel on the server.",
    ),
    (
        "I cannot give a whole department its rights at once; I do it person by person.",
        "Permissions have to be set for each colleague singly, there is no way to do a group.",
        "The whole department went to a talk about civil rights, person by person.",
    ),
    (
        "The report has no column for the region, so I rebuild it in a spreadsheet each Monday.",
        "Every week I put the numbers together by hand, because your overview cannot be split by area.",
        "Each Monday our region reports the weather in a column of the newspaper.",
    ),
    (
        "Please connect it to our payroll so that hours need not be typed twice.",
        "Working time should flow into the wage system by itself.",
        "Payroll typed twice the hours that we please to work.",
    ),
    (
        "New people give up in the first week since nothing explains the screens.",
        "Beginners are lost in it and stop after a few days.",
        "New people screened the first film of the week.",
    ),
    (
        "With three thousand shipments the dispatch list freezes.",
        "As soon as there are many consignments on the board it hangs.",
        "Three thousand shipments arrived in the freezer today.",
    ),
    (
        "When your service was down on Friday our whole shop stood still for six hours.",
        "Your outage last week kept us from selling anything for most of a day.",
        "Our shop stands still on Friday, down at the service road, for six hours.",
    ),
    (
        "Support answered my ticket after eleven days.",
        "I waited more than a week and a half until anybody from you replied.",
        "I support eleven tickets for the answer days.",
    ),
    (
        "The calendar shows the wrong day for colleagues in Sydney.",
        "Dates shift for those of us who sit in Australia.",
        "The calendar shows a day in Sydney with colleagues.",
    ),
    (
        "I want to see only my open tasks, not those of all teams.",
        "Too much is on the page; what I have to do myself drowns in it.",
        "All teams opened; I want to task only those.",
    ),
    (
        "Drivers need both hands; let them confirm by voice.",
        "Behind the wheel nobody can tap, speaking would do.",
        "Drivers confirmed that they need a voice in the union.",
    ),
    (
        "Our security people refuse it without single sign-on.",
        "As long as there is no login through our identity provider, it will not be released here.",
        "Our security people refuse to sign the single letter.",
    ),
    (
        "What happens to our records if you go out of business?",
        "Should your firm disappear we need a way to get everything out.",
        "Our business keeps records of what happens out there.",
    ),
    (
        "Parents cannot find where to report that a child is ill.",
        "Families search the portal in vain for the place to say a pupil stays at home sick.",
        "Parents report that the ill child can find the way.",
    ),
    (
        "The export breaks umlauts in every name.",
        "Ä, Ö and Ü come out as garbage in the file that I download.",
        "Every name for the export of umlauts breaks records.",
    ),
    (
        "Renewal went up by a third and nobody can tell us why.",
        "You want over thirty percent more for the next year without giving a reason.",
        "A third of us went up the hill, nobody can tell why.",
    ),
    (
        "The designers want to comment right on the picture.",
        "Remarks should be placed where in the drawing they belong.",
        "The designers want no comment on the right picture.",
    ),
    (
        "I type the same customer number on four forms.",
        "One has to enter the client's id again and again.",
        "I have four customers of the same type and form.",
    ),
    (
        "The scanner app drains the battery before noon.",
        "By lunch the handheld is empty because your program runs.",
        "The scanner app counts batteries before noon.",
    ),
    (
        "Claims over ten thousand must be checked by a second pair of eyes, and it cannot be enforced.",
        "There is no four-eyes rule for large damages.",
        "A second claim of ten thousand pairs of glasses was checked.",
    ),
    (
        "The invoice PDF leaves out our purchase order number.",
        "Bills come without the order reference that our bookkeeping asks for.",
        "The purchase of a number of PDFs is in order.",
    ),
    (
        "I cannot undo a deleted row.",
        "Once a line is gone there is no way to bring it back.",
        "I deleted the row about undoing.",
    ),
    (
        "Dark mode please, I work nights.",
        "The white screen blinds me on late shifts.",
        "It is dark when I walk to work at night.",
    ),
    (
        "The legal team wants a data processing agreement before we begin.",
        "Without a contract on how you treat personal information our lawyers will not let us start.",
        "The legal team agreed on the process for the holiday.",
    ),
    (
        "Our volunteers do not remember their passwords.",
        "People who help out once a month are locked out each time since they forgot how to sign in.",
        "Our volunteers remember the war.",
    ),
    (
        "The map puts our sites on the wrong side of the river.",
        "Locations show up across the water from where they are.",
        "The site map of the river guide is on the other side.",
    ),
    (
        "Two people edited the same order and one change was lost.",
        "When colleagues work on an order at once, the later save wipes the earlier.",
        "Two people ordered the same change of clothes.",
    ),
    (
        "We are told the price only after a call with sales.",
        "Nobody can see what it costs without talking to a representative first.",
        "After the sale we called to tell the price of fish.",
    ),
    (
        "A student with a screen reader cannot use the quiz.",
        "The test is not usable for someone blind.",
        "A student reads a quiz on the screen for the class.",
    ),
    (
        "I need to forward the report to my manager each Friday; let it be sent by itself.",
        "The weekly summary should go to my boss automatically.",
        "My manager reports each Friday that she is forward looking.",
    ),
    (
        "The phone rings, and the caller's file opens a minute later.",
        "By the time I see who is on the line the conversation is half over.",
        "The caller filed his phone's ring a minute ago.",
    ),
    (
        "Contractors see salaries that they should not see.",
        "Pay of our staff is visible to external people.",
        "Contractors see to it that salaries are paid.",
    ),
    (
        "It logs me out in the middle of writing a long report.",
        "Sessions end while I am still typing and the text is lost.",
        "I wrote a long report on logs in the middle of the woods.",
    ),
    (
        "We cannot tell which branch uses it and which does not.",
        "There are no usage figures per location.",
        "The branch of the tree is of no use to us.",
    ),
    (
        "The tablet app shows yesterday's stock.",
        "Quantities on the handheld are a day behind.",
        "Yesterday the stock market app was shown on a tablet.",
    ),
    (
        "Let me drag the task to another day instead of opening it.",
        "Moving something in the plan should work with the mouse, without a form.",
        "The task was a drag all day.",
    ),
    (
        "Half of the notifications are about things that I did myself.",
        "I get alerted to my own changes.",
        "Half of the things I did were notable.",
    ),
    (
        "The supervisor demands that backups be tested each quarter with a report.",
        "Our regulator expects proof four times a year that restoring works.",
        "The supervisor backed up the van a quarter mile.",
    ),
    (
        "Tenants cannot pay part of the rent.",
        "There is no way for a renter to settle in instalments.",
        "Tenants rent a part of the house.",
    ),
    (
        "Search finds nothing when a name is misspelt.",
        "One typo and there are no hits.",
        "The search party spelt his name and found nothing wrong.",
    ),
    (
        "Our group has nine companies and needs one contract for all.",
        "Each subsidiary has to sign by itself; we want a single agreement.",
        "Nine companies of our group contracted the flu.",
    ),
    (
        "The recipe view goes dark while I cook.",
        "My screen turns off when my hands are full of dough.",
        "In my view the dark recipe is good to cook.",
    ),
    (
        "I can't see who is already working on a ticket.",
        "Two of us answered the same customer since nothing shows that it is taken.",
        "I can't see the ticket counter at work.",
    ),
    (
        "Signatures take three days since the director must print.",
        "Approvals wait on paper because he cannot sign digitally.",
        "The director printed his signature three days ago.",
    ),
    (
        "The timer keeps counting when I close the laptop.",
        "Tracked hours go on while the computer sleeps.",
        "I keep count of the laptops, closed or not.",
    ),
    (
        "Patients get the reminder after the appointment.",
        "The message arrives when the visit is over.",
        "After the appointment the patient reminded me of someone.",
    ),
    (
        "Our branch offices have weak lines and the video breaks off.",
        "With slow internet the calls drop in the outposts.",
        "Our office broke the video line in the branch.",
    ),
    (
        "Nobody knows what the coloured dots mean.",
        "The status marks in the list explain themselves to no one.",
        "Nobody knows that the dots are coloured by hand.",
    ),
    (
        "The export has no time zone, so shifts are an hour off.",
        "Times in the file are wrong by sixty minutes in summer.",
        "An hour of exports shifted the zone.",
    ),
    (
        "We want to rename fields, our people say matter and not case.",
        "The words on the screens are not those of our trade, let us change them.",
        "As a matter of fact we renamed the field in that case.",
    ),
    (
        "The free plan was cut to three users overnight.",
        "From one day to the next only a handful may use it without paying.",
        "Three users planned a free night.",
    ),
    (
        "To change my address I had to call.",
        "There is no place where I can correct where I live.",
        "I had to address the change in the call.",
    ),
    (
        "The warehouse door scanner does not read crumpled labels.",
        "Creased barcodes are not recognised at the gate.",
        "The warehouse labels its doors.",
    ),
    (
        "I'd like to see last year's numbers beside this year's.",
        "A comparison with the previous twelve months is missing.",
        "Last year I liked the number of sights.",
    ),
    (
        "Admins cannot see which integrations have access to our records.",
        "We lack a list of the connected apps and what they may read.",
        "Admins record which access road is open.",
    ),
    (
        "The contract renews by itself and the notice period is six months.",
        "It prolongs automatically, and to leave we must tell you half a year before.",
        "Six months ago I noticed the new contract bridge set.",
    ),
    (
        "Typing in the comment box lags by seconds.",
        "Letters appear long after I press the keys.",
        "The seconds of the boxing match were full of comments.",
    ),
    (
        "Guests should book a table without making an account.",
        "Reservations ask people to register, and they leave.",
        "Guests made an account of the table they booked.",
    ),
    (
        "Our works council wants performance data of single people hidden.",
        "Employee representatives insist that no individual can be monitored.",
        "The council works on the performance in the hidden theatre.",
    ),
    (
        "When I filter the list and go back, the filter is gone.",
        "My selection is reset each time I return to the overview.",
        "I went back to list the coffee filters.",
    ),
    (
        "The chat bot answers in English to our French customers.",
        "Clients who write in another language get no reply in it.",
        "French customers chat with the English bot builders.",
    ),
    (
        "An upload of two hundred photos fails at the end and starts over.",
        "If many pictures are sent the transfer breaks off and begins from zero.",
        "Two hundred photos of the end of the race were loaded on a van.",
    ),
    (
        "We need proof that your staff was screened.",
        "Show us that the people with access at your side had a background check.",
        "The staff screened a film as proof.",
    ),
    (
        "The grade book rounds points and pupils complain.",
        "Marks are rounded and the class finds it unfair.",
        "Pupils pointed at a book on the round table.",
    ),
    (
        "I must leave the call to look up the customer's history.",
        "Earlier conversations are not shown while I talk to someone.",
        "The customer left a history book on call.",
    ),
    (
        "Deleting a leaver takes their documents along.",
        "When an account is closed all files of that person vanish.",
        "The leaver took a document along for the deletion.",
    ),
    (
        "The quote does not show the discount that was agreed.",
        "The reduction we settled on is missing from the offer.",
        "She was quoted as agreeing to show up at a discount.",
    ),
    (
        "I'd pay more if it had phone support at weekends.",
        "A hotline on Saturday and Sunday would be worth money to us.",
        "At weekends I phone more and pay for it.",
    ),
    (
        "Reading meters in the rain, the touch screen goes wild.",
        "Wet fingers make the display jump when I note consumption outdoors.",
        "The meter reads how wild the rain is.",
    ),
    (
        "All leads from the fair must be typed in from cards.",
        "After an exhibition we enter contacts by hand.",
        "All cards in the fair game lead to a win.",
    ),
    (
        "The chart cannot be pasted into slides.",
        "Graphs do not go into my presentation.",
        "The chart of the slides in the park was posted.",
    ),
    (
        "It does not remember the printer, I choose it each time.",
        "I have to select the same device for every label.",
        "I remember the printer who chose his time.",
    ),
    (
        "Our key account was promised ninety-nine point nine and got less.",
        "Availability fell short of what the agreement says for our largest client.",
        "Our largest account got nine point nine in the jury's vote.",
    ),
    (
        "The consent form cannot be signed by both parents.",
        "A mother and a father cannot each give their permission.",
        "Both parents signed up for a form of dance.",
    ),
    (
        "I have no idea whether my request was received.",
        "After sending there is no sign that it got through.",
        "I requested an idea and received it.",
    ),
    (
        "Every new version moves the buttons and our manuals are wrong again.",
        "With each update the interface changes, so that our training papers are out of date.",
        "Every new manual has a button on the cover.",
    ),
    (
        "Let us stop a payment run that has begun.",
        "There is no way to halt transfers once they have started.",
        "We paid for a run that has begun to stop.",
    ),
    (
        "The head office wants to see all shops on one screen.",
        "Management needs a single overview of every store.",
        "The head of one shop wants a screen at the office.",
    ),
    (
        "Interpreters need to see how long the hearing will take.",
        "The expected duration of a session is not shown to the translators.",
        "Interpreters heard how long the river is.",
    ),
    (
        "Medication lists from the clinic arrive as pictures.",
        "What the hospital sends on drugs is a scan that cannot be worked with.",
        "Pictures of the clinic arrived on the list of sights.",
    ),
    (
        "The licence counts part-timers as full users.",
        "Someone with ten hours a week costs us as much as everybody else.",
        "The count has a full licence to use part of the time.",
    ),
    (
        "I want to answer from my e-mail, not log in for one sentence.",
        "Replying should work out of the mailbox.",
        "I want one sentence on logging in the e-mail book.",
    ),
    (
        "Tests of the firewall show that you accept outdated encryption.",
        "Old TLS versions are still switched on with you, says our scan.",
        "The fire test shows the outdated wall.",
    ),
    (
        "Duplicates of the same company fill our base.",
        "One firm appears again and again among the contacts.",
        "The company fills duplicates of the base paint.",
    ),
    (
        "Our auditors ask for a copy of the penetration test.",
        "The examiners want to read how an attack on the product was tried.",
        "Our auditors copied the test in ink.",
    ),
    (
        "The truck's arrival is guessed, never right.",
        "Estimated delivery times do not hold.",
        "The truck arrived, right as I guessed.",
    ),
    (
        "I cannot copy last week's rota.",
        "Shift plans have to be made anew every time.",
        "I cannot copy the dance of last week's show.",
    ),
    (
        "Residents over eighty cannot read the small type.",
        "The letters are too tiny for old people.",
        "Residents read eighty small types of plants.",
    ),
    (
        "It should block orders above the budget.",
        "Nothing prevents that somebody spends more than was planned.",
        "The block above ordered on a budget.",
    ),
    (
        "You changed the terms and told us afterwards.",
        "New conditions came into force without notice.",
        "Terms of the school changed afterwards.",
    ),
    (
        "Our developers have no sandbox to try the interface.",
        "There is no test system for the programmers who connect to you.",
        "Our developers tried the sandbox with the children.",
    ),
    (
        "The handwriting field is useless with gloves.",
        "With protective clothing on I cannot sign on the screen.",
        "Gloves and handwriting are of use in the field.",
    ),
)
