import { browser, serve } from "./site.mjs";
const site=await serve("/tmp/b/s8/portal"); const chrome=await browser();
const c=await chrome.newContext(); await c.addInitScript(`Object.defineProperty(window,'localStorage',{get(){throw new DOMException('no','SecurityError')}})`); const p=await c.newPage(); const f=[];p.on("pageerror",e=>f.push(e.message));
await p.goto(site.url+"products/"); await p.locator("button[data-hn-add]").first().click(); console.log(await p.textContent(".told")); await p.goto(site.url+"order/"); await p.waitForTimeout(400); console.log(await p.textContent("#hn-list"),f); 
// hidden lines: sums with not available/under minimum; the sheet's columns
const d=await chrome.newContext(); const q=await d.newPage(); await q.goto(site.url+"404.html"); await q.evaluate(()=>localStorage.setItem("heartnet.order",JSON.stringify({v:1,lines:[{id:"soyogo-budo-sherbet",variant:"kyoho",qty:6},{id:"inryosui-kiwami",variant:"",qty:1},{id:"mitsude-ecobag-kyodo",variant:"kon",qty:30}]}))); await q.goto(site.url+"order/"); await q.waitForSelector("li.line"); await q.waitForTimeout(900); console.log(await q.textContent("#hn-papers thead"), await q.$$eval("#hn-papers .form-lines tbody tr",r=>r.map(x=>x.textContent)), await q.textContent(".paper-total")); console.log(await q.$$eval(".line-told",x=>x.map(y=>y.innerText)));
await q.evaluate(()=>{document.forms["hn-who"].elements.kind[2].click()}); await q.waitForTimeout(700); await q.click("text=印刷してFAX").catch(()=>{}); console.log("consult w/o note or name:",await q.textContent("#hn-said"));
await chrome.close(); site.close();
